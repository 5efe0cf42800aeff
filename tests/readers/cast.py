"""Who plays in the scenes, by name, and the two concerns that most of them are about."""

from tests.walkthrough.steps import Concern

GRACE, PRIYA, DENISE, FARAH = "Grace Ollerton", "Priya Nairn", "Denise Harkaway", "Farah Lindley"
STEPHEN, ANGELA, OWEN = "Stephen Ropley", "Angela Mirfield", "Owen Tarrant"
HANNAH, DEV, NADIA, IMRAN = "Hannah Quill", "Dev Marchetti", "Nadia Brookfield", "Imran Dastgir"
ROSALIND, ELIAS, MEENA, BASHIR = "Rosalind Amery", "Elias Thornby", "Dr Meena Kessler", "Bashir Holloway"
TRUST = "Moorland Health Trust"

LINNETS = Concern(
    family="Linnet",
    impacts={"Amara": "She asks who stays with her at night.", "Zion": "He cannot keep himself safe."},
    reason=("No safety plan when one is needed",),
    words="The safety plan that the conference asked for is not written.",
    ask="A written safety plan, shared with the family.",
)
TYLER = Concern(
    family="Heron",
    impacts={"Tyler": "He said nothing."},
    reason=("Report not shared in time",),
    words="The report came on the morning.",
)
AISHA = Concern(
    family="Plover",
    impacts={"Aisha": "Nobody has rung."},
    reason=("Actions of the plan are not done in time",),
    words="CAMHS has not offered the first appointment.",
    came_up="At the mid-point check",
)
