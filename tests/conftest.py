"""What every test may ask for: databases, an object store and browsers, real ones."""

pytest_plugins = ["tests.databases", "tests.objectstore", "tests.browsers"]
