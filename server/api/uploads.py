"""Placeholder until the lane for bytes opens."""

from flask_smorest import Blueprint

blp = Blueprint("uploads", __name__)
