# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exporters of n8n: one run each, started by cron. The API loads nothing of this."""
