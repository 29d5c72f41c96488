"""What every template may use."""

from __future__ import annotations

from django import template

register = template.Library()
