#!/bin/sh
# Initialises the data directory at the first start, then becomes the server.
# Settings, as the official image names them: POSTGRES_USER (postgres), POSTGRES_DB (the user's
# name), POSTGRES_PASSWORD_FILE or POSTGRES_PASSWORD; *.sql in /docker-entrypoint-initdb.d is run.
set -eu

if [ "${1#-}" != "$1" ]; then
    set -- postgres "$@"
fi
if [ "$1" != postgres ] || [ -s "$PGDATA/PG_VERSION" ]; then
    exec "$@"
fi

if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then
    POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
fi
if [ -z "${POSTGRES_PASSWORD:-}" ]; then
    echo "The data directory is empty and there is no password for its first user." \
        "Set POSTGRES_PASSWORD_FILE to a file that holds one." >&2
    exit 1
fi
user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}

# A half initialised directory would start the next time without its users: take it back.
trap '[ "$?" -eq 0 ] || find "$PGDATA" -mindepth 1 -delete' EXIT

password_file=$(mktemp)
printf '%s\n' "$POSTGRES_PASSWORD" > "$password_file"
initdb --username="$user" --pwfile="$password_file" --auth-local=trust \
    --auth-host=scram-sha-256 --encoding=UTF8 --no-instructions
rm "$password_file"
echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
echo "listen_addresses = '*'" >> "$PGDATA/postgresql.conf"

pg_ctl --silent --wait --options="-c listen_addresses=''" start
if [ "$database" != postgres ]; then
    createdb --username="$user" --maintenance-db=postgres "$database"
fi
for script in /docker-entrypoint-initdb.d/*.sql; do
    if [ -f "$script" ]; then
        psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$user" --dbname="$database" \
            --file="$script"
    fi
done
pg_ctl --silent --wait --mode=fast stop

trap - EXIT
unset POSTGRES_PASSWORD
exec "$@"
