# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serves HTTP to whoever comes, within limits: all listeners of the program are made here."""
