"""What was changed by hand: found, undone, or made a revision."""

from __future__ import annotations

import json


def test_drift_and_capture(project):
    project.revision("aaaa1111")
    project.run("upgrade")
    assert project.run("drift") == (
        f"no drift: {project.database} on localhost is what its revisions"
        " build\n"
    )
    project.query("ALTER TABLE aaaa1111 ADD COLUMN night int")
    out = project.run("drift", status=1)
    assert out == (
        f"{project.database} on localhost: 1 changed by hand\n"
        " added column public.aaaa1111.night\n"
        "     undo: ALTER TABLE public.aaaa1111 DROP COLUMN night;\n"
        'Next: pg-migrate capture -m "..." keeps it; or undo it\n'
    )
    (row,) = json.loads(
        project.run("drift", "--format", "json", status=1, raw=True)
    )
    assert row["object"] == "public.aaaa1111.night"
    out = project.run("drift", "--format", "github", status=1, raw=True)
    assert out == (
        "::error title=drift::added column public.aaaa1111.night"
        '%0ANext: pg-migrate capture -m "..." keeps it; or undo it\n'
    )
    out = project.run("capture", "-m", "night", "--rev-id", "bbbb2222")
    assert out.startswith("migrations/DATE_bbbb2222_night.sql\n")
    assert project.applied() == "aaaa1111 bbbb2222"
    project.run("drift")
    assert project.run("upgrade").startswith("nothing to apply")
    assert project.run("capture", "-m", "x").startswith("no drift:")


def test_renamed_by_hand(project):
    project.revision("aaaa1111")
    project.run("upgrade")
    project.query("ALTER TABLE aaaa1111 RENAME TO bbbb")
    rename = ("--rename", "public.aaaa1111=bbbb")
    out = project.run("drift", *rename, status=1)
    assert " renamed table public.bbbb\n" in out
    assert "     undo: ALTER TABLE public.bbbb RENAME TO aaaa1111;\n" in out
    project.run("drift", "--rename", "nothing", status=2)
    assert '--rename takes OLD=NEW, not "nothing"' in project.said
    project.run("capture", "-m", "night", "--rev-id", "bbbb2222", *rename)
    (file,) = project.root.glob("migrations/*_bbbb2222_night.sql")
    assert "ALTER TABLE public.aaaa1111 RENAME TO bbbb;" in file.read_text()
    project.run("drift")
