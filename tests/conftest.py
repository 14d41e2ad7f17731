"""What every test may ask for: a fresh database of each kind."""

import contextlib
import itertools
import os
import random
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from data.store import Store, open_store

SKIPS_FAIL = bool(os.environ.get("CONSILIUM_SKIPS_FAIL"))

# On a busy machine a slow example is no fault. Everybody's own run looks for new examples; where a change is
# let in (CI) they are the same each time, so that no change is refused for what another one brought.
settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=SKIPS_FAIL
)
settings.load_profile("busy machine")


def skip(reason):
    """Skip by name; where every check must run (CI), a skip is a failure."""
    if SKIPS_FAIL:
        pytest.fail(reason)
    pytest.skip(reason)


SKIPPED_EVERYWHERE = {
    "tests/annotate/metrics/test_torch.py": "torch, transformers and bert-score are not in the lock (1.3 GB)",
    "tests/agreement/test_paper_latex.py": "LaTeX is not installed by CI (0.5 GB)",
}
"""The only tests that CI may skip, and why."""


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """Fail where every check must run and something else was skipped, also by a missing package."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not SKIPS_FAIL or reporter is None:
        return
    skipped = {report.nodeid for report in reporter.stats.get("skipped", [])}
    if unmet := sorted(name for name in skipped if name.partition("::")[0] not in SKIPPED_EVERYWHERE):
        reporter.write_line("Skipped, and must not be: " + ", ".join(unmet), red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def free_port():
    """Return a port of loopback that nothing listens on and that the system gives to nobody by itself.

    Those that it gives away begin at 32768: a connection that somebody opens meanwhile could be given one
    of them, and a browser that tries to come back to a server that is down could even reach itself there.
    """
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory):
    file = tmp_path_factory.mktemp("migrated") / "consilium.db"
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.fixture(scope="session")
def postgres_server():
    """A PostgreSQL server of our own on a free port of loopback; its address without a database."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [
        Path(found) for found in [shutil.which("initdb")] if found
    ]
    if not programs:
        skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with tempfile.TemporaryDirectory(prefix="consilium-pg-") as folder:
        yield from _serve(programs[-1].parent, Path(folder))


def _serve(programs, folder):
    # The server refuses to run as root; Debian's package brings an account for it.
    account = (
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    )
    if account:
        shutil.chown(folder, "postgres", "postgres")
    where, port = folder / "cluster", free_port()
    init = [*account, programs / "initdb", "-D", where, "-U", "consilium", "-A", "trust", "-E", "UTF8", "-N"]
    subprocess.run(init, check=True, capture_output=True, cwd=folder)
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    control = [*account, programs / "pg_ctl", "-D", where, "-w"]
    start = [*control, "-o", options, "-l", folder / "log", "start"]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    try:
        yield f"postgresql+psycopg://consilium@127.0.0.1:{port}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=folder)


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server):
    _execute(postgres_server, "CREATE DATABASE migrated")
    open_store(f"{postgres_server}/migrated").close()
    return postgres_server


def _execute(server, statement):
    import psycopg

    address = server.replace("+psycopg", "") + "/postgres"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture(scope="session")
def demo_file(migrated_sqlite, tmp_path_factory):
    """Make the demo study once; tests copy the file."""
    from verbs.start import seed_demo

    file = shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("demo") / "consilium.db")
    store = Store(f"sqlite:///{file}")
    seed_demo(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return file


_numbers = itertools.count()


@pytest.fixture
def sqlite_url(migrated_sqlite, tmp_path):
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'consilium.db')}"


@pytest.fixture
def postgres_url(migrated_postgres):
    name = f"test_{next(_numbers)}"
    _execute(migrated_postgres, f"CREATE DATABASE {name} TEMPLATE migrated STRATEGY file_copy")
    yield f"{migrated_postgres}/{name}"
    _execute(migrated_postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request):
    """The address of a fresh, migrated database, once on SQLite and once on PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def store(database_url):
    opened = Store(database_url)
    yield opened
    opened.close()
