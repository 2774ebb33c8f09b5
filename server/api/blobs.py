"""Placeholder until the lane for bytes opens."""

from flask_smorest import Blueprint

blp = Blueprint("blobs", __name__)
