"""Progress by stratum: forms filled in each part of the items, and no column that is not one."""

from annotate.assignment import Assignment
from annotate.item import Item
from data.store import assignments, items, raters, studies
from data.store.strata import by_stratum
from data.tables import ProtocolVersion, Submission


def test_forms_are_counted_by_the_value_of_each_stratum(store):
    with store.writing() as session:
        study = studies.create(session, name="s", title="", protocol_text="x", who="lead").id
        wards = ["ICU", "ICU", "ED"]
        things = [
            Item(
                f"i{n}",
                subcategory="Same",
                category="A" if n else "B",
                strata={"ward": ward, "note": f"n{n}"},
            )
            for n, ward in enumerate(wards)
        ]
        things += [Item(f"x{n}", strata={"note": f"x{n}"}) for n in range(40)]
        items.add(session, study_id=study, items=things)
        for key in ("C1", "C2"):
            raters.add(session, study_id=study, key=key, kind="clinician")
        forms = [Assignment(f"i{n}", key, place=n + 1) for n in range(3) for key in ("C1", "C2")]
        forms.append(Assignment("i0", "C1", round="training", place=1))
        assignments.add(session, study_id=study, assignments=forms, who="lead")
        version = session.exec(ProtocolVersion.__table__.select()).first().id
        first = assignments.forms(session, study_id=study)[0]
        for key in ("first", "changed"):  # a changed form is one form
            session.add(
                Submission(
                    assignment_id=first.assignment_id, protocol_version_id=version, key=f"{key}-12345678"
                )
            )
        session.flush()
        found = {(part.column, part.value): part for part in by_stratum(session, study_id=study)}
    assert set(found) == {("ward", "ICU"), ("ward", "ED"), ("category", "A"), ("category", "B")}
    icu, ed = found["ward", "ICU"], found["ward", "ED"]
    assert (icu.items, icu.submitted, icu.assigned) == (2, 1, 4)
    assert (ed.items, ed.submitted, ed.assigned) == (1, 0, 2)
