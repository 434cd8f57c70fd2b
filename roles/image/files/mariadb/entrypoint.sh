#!/bin/sh
# Initialises the data directory at the first start, then becomes the server.
# Settings, as the official image names them: MARIADB_ROOT_PASSWORD_FILE, MARIADB_DATABASE,
# MARIADB_USER, MARIADB_PASSWORD_FILE (or the same names without _FILE); *.sql in
# /docker-entrypoint-initdb.d is run.
set -eu

data=/var/lib/mysql
socket=/run/mysqld/mysqld.sock

if [ "${1#-}" != "$1" ]; then
    set -- mariadbd "$@"
fi
if [ "$1" != mariadbd ] || [ -d "$data/mysql" ]; then
    exec "$@"
fi

secret() { # value of $1, or content of the file that $1_FILE names
    value=''
    eval "value=\${$1:-} file=\${$1_FILE:-}"
    if [ -n "$file" ]; then cat "$file"; else printf '%s' "$value"; fi
}
quoted() { # an SQL string literal
    printf "'%s'" "$(printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e "s/'/''/g")"
}
named() { # an SQL identifier
    # shellcheck disable=SC2016  # backticks of SQL
    printf '`%s`' "$(printf '%s' "$1" | sed 's/`/``/g')"
}

root_password=$(secret MARIADB_ROOT_PASSWORD)
password=$(secret MARIADB_PASSWORD)
if [ -z "$root_password" ]; then
    echo "The data directory is empty and there is no password for root." \
        "Set MARIADB_ROOT_PASSWORD_FILE to a file that holds one." >&2
    exit 1
fi
if [ -n "${MARIADB_USER:-}" ] && [ -z "$password" ]; then
    echo "MARIADB_USER is set without a password. Set MARIADB_PASSWORD_FILE." >&2
    exit 1
fi

# A half initialised directory would start the next time without its users: take it back.
trap '[ "$?" -eq 0 ] || find "$data" -mindepth 1 -delete' EXIT

mariadb-install-db --datadir="$data" --auth-root-authentication-method=normal --skip-test-db \
    > /dev/null
mariadbd --skip-networking --socket="$socket" &
server=$!
until mariadb --socket="$socket" --user=root --execute='SELECT 1' > /dev/null 2>&1; do
    kill -0 "$server"
    sleep 0.1
done

# printf, for echo reads backslashes.
{
    database=${MARIADB_DATABASE:-}
    if [ -n "$database" ]; then
        printf '%s\n' "CREATE DATABASE $(named "$database");"
    fi
    if [ -n "${MARIADB_USER:-}" ]; then
        user="$(quoted "$MARIADB_USER")@'%'"
        printf '%s\n' "CREATE USER $user IDENTIFIED BY $(quoted "$password");"
        if [ -n "$database" ]; then
            printf '%s\n' "GRANT ALL ON $(named "$database").* TO $user;"
        fi
    fi
    for script in /docker-entrypoint-initdb.d/*.sql; do
        if [ -f "$script" ]; then
            if [ -n "$database" ]; then
                printf '%s\n' "USE $(named "$database");"
            fi
            cat "$script"
            echo
        fi
    done
    # The other roots, of this address and that, have no password.
    echo "DELETE FROM mysql.global_priv WHERE User = 'root' AND Host <> 'localhost';"
    echo "FLUSH PRIVILEGES;"
    printf '%s\n' "ALTER USER root@localhost IDENTIFIED BY $(quoted "$root_password");"
} | mariadb --socket="$socket" --user=root
kill "$server"
wait "$server"

trap - EXIT
unset MARIADB_ROOT_PASSWORD MARIADB_PASSWORD
exec "$@"
