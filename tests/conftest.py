"""What every test may ask for: databases and an object store, real ones."""

pytest_plugins = ["tests.databases", "tests.objectstore"]
