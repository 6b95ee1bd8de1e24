"""The built wheel, installed in a fresh environment, is a working planner."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def shell(*command: str | Path, cwd: Path) -> str:
    # Without this, a PYTHONPATH or the checkout itself could stand in for what the wheel lacks.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment with the wheel; its dependencies are those of the tests' own."""
    folder = tmp_path_factory.mktemp("wheel")
    shell(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    environment = folder / "environment"
    venv.create(environment)
    binaries = environment / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", binaries / "python"]  # it needs no own
    shell(*pip, "install", "--no-deps", "--no-index", wheel, cwd=folder)
    site = next(environment.rglob("site-packages"))
    own = [path for path in sys.path if path.endswith("site-packages")]
    (site / "tests-own.pth").write_text("\n".join(own), encoding="utf-8")
    return binaries


def test_the_wheel_holds_the_defaults_and_plans(installed: Path, tmp_path: Path) -> None:
    planner = installed / "planner"
    assert "planner 0.1.0" in shell(planner, "--version", cwd=tmp_path)
    where = shell(installed / "python", "-c", "import planner; print(planner.__file__)", cwd=tmp_path)
    assert str(installed.parent) in where
    shell(planner, "init", "--country", "DE", cwd=tmp_path)
    shell(planner, "sample", "exports", "--vehicles", "12", "--end", "2026-03-02", cwd=tmp_path)
    exports = sorted((tmp_path / "exports").glob("*.csv"))
    subprocess.run(
        [planner, "import", *exports, "--as-of", "2026-03-02"], cwd=tmp_path, capture_output=True, check=False
    )
    shell(planner, "plan", "--as-of", "2026-03-02", cwd=tmp_path)
    shell(planner, "check", cwd=tmp_path)
    shell(planner, "calls", "--as-of", "2026-03-02", cwd=tmp_path)
    assert (tmp_path / "calls-2026-W10.xlsx").stat().st_size > 5000
