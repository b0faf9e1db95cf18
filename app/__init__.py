import os

# Piccolo finds its engine through this name; with it set here every entry point (web, worker, tests, shell) agrees.
os.environ.setdefault("PICCOLO_CONF", "app.piccolo_conf")
