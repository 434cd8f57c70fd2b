# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ping service: sends pings to collectors, and keeps those that failed until they arrive."""
