"""A form of 44 questions in three languages, as long as the longest that are used:
nested conditions, a cascade, repeats, calculations, answers in labels.
"""

from functools import cache

from amana.design.forms.engine.form_model import Form
from amana.design.forms.engine.reading import read_form
from amana.design.forms.tests.writing import workbook

LANGUAGES = ("English (en)", "Français (fr)", "العربية (ar)")
type Row = dict[str, str]


def in_three(column: str, words: tuple[str, str, str]) -> Row:
    return {f"{column}::{lang}": w for lang, w in zip(LANGUAGES, words, strict=True)}


def ask(type_: str, name: str, *words: str, **more: str) -> Row:
    labels = in_three("label", words) if words else {}  # type: ignore[arg-type]
    return {"type": type_, "name": name, **labels, **more}


def end(kind: str) -> Row:
    return {"type": f"end_{kind}"}


def yes(name: str) -> str:
    return f"(${{{name}}}='yes')"


ACT = [
    (
        "recruited",
        "Was work promised?",
        "Un travail a-t-il été promis ?",
        "هل وُعد بعمل؟",
    ),
    (
        "moved",
        "Did others arrange the journey?",
        "D'autres ont-ils organisé le voyage ?",
        "هل رتّب آخرون السفر؟",
    ),
    (
        "kept",
        "Did others decide where to stay?",
        "D'autres ont-ils décidé du logement ?",
        "هل قرّر آخرون مكان الإقامة؟",
    ),
    (
        "sold",
        "Was money paid for the person?",
        "A-t-on payé pour la personne ?",
        "هل دُفع مال مقابل الشخص؟",
    ),
]
MEANS = [
    (
        "force",
        "Was there force or a threat?",
        "Y a-t-il eu force ou menace ?",
        "هل حدثت قوة أو تهديد؟",
    ),
    (
        "deceived",
        "Was the work other than promised?",
        "Le travail était-il différent ?",
        "هل كان العمل غير ما وُعد به؟",
    ),
    (
        "debt",
        "Is there a debt to those who brought the person?",
        "Y a-t-il une dette envers eux ?",
        "هل هناك دين لمن جلب الشخص؟",
    ),
    (
        "papers",
        "Does someone else hold the papers?",
        "Les papiers sont-ils gardés par autrui ?",
        "هل الأوراق لدى غيره؟",
    ),
    (
        "locked",
        "Can the person not leave?",
        "La personne ne peut-elle pas partir ?",
        "هل لا يستطيع المغادرة؟",
    ),
]


def survey() -> list[Row]:
    return [
        *({"type": kind, "name": kind} for kind in ("start", "end", "today")),
        ask("calculate", "own_id", calculation="once(uuid())", compartment="needs"),
        ask(
            "note",
            "intro",
            "Talk where nobody listens. **Stop** when the person wants.",
            "Parlez à l'abri. **Arrêtez** si la personne le veut.",
            "تحدّث حيث لا يسمع أحد. **توقّف** متى أراد الشخص.",
        ),
        ask(
            "begin_group",
            "safety",
            "Safety now",
            "Sécurité",
            "السلامة الآن",
            compartment="needs",
        ),
        ask(
            "select_one yn",
            "private",
            "Can the person speak freely?",
            "Peut-elle parler librement ?",
            "هل يستطيع الكلام بحرية؟",
            required="yes",
        ),
        ask(
            "select_one yn",
            "danger",
            "Is there danger now?",
            "Y a-t-il un danger ?",
            "هل هناك خطر الآن؟",
            required="yes",
        ),
        ask(
            "select_multiple danger",
            "dangers",
            "Which danger?",
            "Quel danger ?",
            "ما هو الخطر؟",
            relevant="${danger} = 'yes'",
            required="yes",
            constraint="not(selected(., 'none') and count-selected(.) > 1)",
            **in_three(
                "constraint_message",
                (
                    "“None” excludes the others.",
                    "« Aucun » exclut les autres.",
                    "«لا شيء» يستبعد الباقي.",
                ),
            ),
        ),
        ask(
            "note",
            "act_now",
            "**Call the emergency line before you go on.**",
            "**Appelez les urgences d'abord.**",
            "**اتصل بالطوارئ أولاً.**",
            relevant="${danger} = 'yes'",
        ),
        end("group"),
        ask(
            "begin_group",
            "who",
            "The person",
            "La personne",
            "الشخص",
            compartment="identity",
        ),
        ask("text", "alias", "A name to use", "Un nom à utiliser", "اسم للمناداة"),
        ask(
            "integer",
            "age",
            "Age, also if estimated",
            "Âge, même estimé",
            "العمر ولو تقديراً",
            required="yes",
            constraint=". >= 0 and . <= 110",
            **in_three(
                "constraint_message",
                ("Between 0 and 110.", "Entre 0 et 110.", "بين 0 و110."),
            ),
        ),
        ask(
            "select_one yn",
            "age_doubt",
            "Could the person be a child?",
            "Serait-ce un enfant ?",
            "هل يمكن أن يكون طفلاً؟",
            relevant="${age} >= 15 and ${age} <= 20",
        ),
        ask("select_one sex", "sex", "Sex", "Sexe", "الجنس"),
        ask(
            "select_one country",
            "country",
            "Country of origin",
            "Pays d'origine",
            "بلد المنشأ",
            appearance="autocomplete",
        ),
        ask(
            "select_one province",
            "province",
            "Province where met",
            "Province",
            "المحافظة",
            required="yes",
            appearance="minimal",
        ),
        ask(
            "select_one district",
            "district",
            "District where met",
            "District",
            "القضاء",
            choice_filter="province = ${province}",
            required="yes",
            appearance="minimal",
        ),
        ask(
            "date",
            "met",
            "Day of meeting",
            "Jour de rencontre",
            "يوم اللقاء",
            constraint=". <= today()",
            default="today()",
        ),
        ask("select_one lang", "lang", "Language", "Langue", "اللغة"),
        ask(
            "select_one yn",
            "interpreter",
            "Was there an interpreter?",
            "Un interprète ?",
            "هل كان هناك مترجم؟",
        ),
        end("group"),
        ask(
            "begin_group",
            "agreeing",
            "Consent",
            "Consentement",
            "الموافقة",
            compartment="needs",
        ),
        ask(
            "note",
            "explained",
            "Say who you are, what is written down, and that no is a good answer.",
            "Dites qui vous êtes, ce qui est noté, et que non est une bonne réponse.",
            "قل من أنت وما يُكتب وأن الرفض جواب مقبول.",
        ),
        ask(
            "select_one consent",
            "consent",
            "Does the person agree to go on?",
            "La personne veut-elle continuer ?",
            "هل يوافق الشخص على المتابعة؟",
            required="yes",
        ),
        ask(
            "select_multiple share",
            "share",
            "Who may know?",
            "Qui peut le savoir ?",
            "من يمكنه أن يعرف؟",
            relevant="${consent} = 'yes'",
        ),
        ask(
            "text",
            "why_not",
            "A reason, if given",
            "Une raison, si donnée",
            "السبب إن ذُكر",
            relevant="${consent} = 'no'",
        ),
        end("group"),
        ask(
            "begin_group",
            "signs",
            "What happened",
            "Ce qui s'est passé",
            "ما حدث",
            relevant="${consent} = 'yes'",
            compartment="narrative",
        ),
        ask(
            "begin_group",
            "act",
            "How did it begin?",
            "Comment cela a-t-il commencé ?",
            "كيف بدأ؟",
            appearance="field-list",
        ),
        *(
            ask(
                "select_one ynu",
                *words,
                source="ILO and EC, Operational indicators (2009)",
            )
            for words in ACT
        ),
        end("group"),
        ask(
            "begin_group",
            "means",
            "By what means?",
            "Par quels moyens ?",
            "بأي وسيلة؟",
            relevant="${age} >= 18 and not(${age_doubt} = 'yes')",
        ),
        *(
            ask(
                "select_one ynu",
                *words,
                source="ILO and EC, Operational indicators (2009)",
            )
            for words in MEANS
        ),
        ask(
            "decimal",
            "owed",
            "How much is owed?",
            "Quel montant ?",
            "كم الدين؟",
            relevant="${debt} = 'yes'",
            constraint=". >= 0",
        ),
        end("group"),
        ask("begin_group", "purpose", "What for?", "Dans quel but ?", "لأي غرض؟"),
        ask(
            "select_multiple purpose",
            "purposes",
            "What did the person have to do?",
            "Que devait faire la personne ?",
            "ماذا كان عليه أن يفعل؟",
        ),
        ask(
            "text",
            "purpose_other",
            "What else?",
            "Quoi d'autre ?",
            "ما غير ذلك؟",
            relevant="selected(${purposes}, 'other')",
            required="yes",
        ),
        ask(
            "range",
            "hours",
            "Hours of work a day",
            "Heures par jour",
            "ساعات العمل يومياً",
            parameters="start=0 end=24 step=1",
        ),
        end("group"),
        end("group"),
        ask("begin_group", "health", "Health", "Santé", "الصحة", compartment="health"),
        ask(
            "select_multiple flags",
            "flags",
            "Does anything need care today?",
            "Des soins aujourd'hui ?",
            "هل من حاجة لرعاية اليوم؟",
        ),
        ask(
            "select_one yn",
            "pregnant",
            "Pregnant?",
            "Enceinte ?",
            "حامل؟",
            relevant="${sex} = 'f' and ${age} >= 10",
        ),
        end("group"),
        ask(
            "integer",
            "children",
            "How many children are there?",
            "Combien d'enfants ?",
            "كم عدد الأطفال؟",
            constraint=". >= 0 and . < 15",
            compartment="needs",
        ),
        ask(
            "begin_repeat",
            "child",
            "Children",
            "Enfants",
            "الأطفال",
            repeat_count="${children}",
            compartment="identity",
        ),
        ask(
            "text",
            "c_name",
            "A name to use",
            "Un nom à utiliser",
            "اسم للمناداة",
            required="yes",
        ),
        ask(
            "integer",
            "c_age",
            "Age",
            "Âge",
            "العمر",
            constraint=". < 18",
            required="yes",
        ),
        ask(
            "select_one yn",
            "c_own",
            "Is the person the parent of ${c_name}?",
            "Parent de ${c_name} ?",
            "هل هو والد ${c_name}؟",
        ),
        end("repeat"),
        ask(
            "begin_repeat",
            "visit",
            "Earlier contacts",
            "Contacts précédents",
            "لقاءات سابقة",
            compartment="needs",
        ),
        ask("text", "v_who", "With whom?", "Avec qui ?", "مع من؟"),
        ask("date", "v_when", "When?", "Quand ?", "متى؟"),
        end("repeat"),
        ask(
            "geopoint",
            "place",
            "Place, roughly",
            "Lieu, à peu près",
            "المكان تقريباً",
            compartment="contact",
        ),
        ask(
            "calculate",
            "n_act",
            calculation=" + ".join(yes(w[0]) for w in ACT),
            compartment="narrative",
        ),
        ask(
            "calculate",
            "n_means",
            calculation=" + ".join(yes(w[0]) for w in MEANS),
            compartment="narrative",
        ),
        ask(
            "calculate",
            "n_purpose",
            calculation="count-selected(${purposes})",
            compartment="narrative",
        ),
        ask(
            "calculate",
            "result",
            calculation=(
                "if(${n_act} > 0 and ${n_purpose} > 0 and (${n_means} > 0 or "
                "${age} < 18 or ${age_doubt} = 'yes'), 'indicated', "
                "if(${n_act} + ${n_means} + ${n_purpose} > 0, 'some', 'none'))"
            ),
            compartment="narrative",
        ),
        ask("calculate", "ages", calculation="sum(${c_age})", compartment="identity"),
        ask(
            "note",
            "shown",
            "Found: ${result} in ${province}",
            "Trouvé : ${result} à ${province}",
            "النتيجة: ${result} في ${province}",
        ),
        ask(
            "select_one next",
            "next",
            "What next?",
            "Et ensuite ?",
            "وماذا بعد؟",
            required="yes",
            compartment="needs",
        ),
        ask(
            "text",
            "notes",
            "Notes",
            "Notes",
            "ملاحظات",
            appearance="multiline",
            compartment="narrative",
        ),
        ask(
            "acknowledge",
            "read_back",
            "I read the answers to the person",
            "J'ai relu les réponses",
            "قرأتُ الأجوبة على الشخص",
            compartment="needs",
        ),
    ]


LISTS = {
    "yn": [("yes", "Yes", "Oui", "نعم"), ("no", "No", "Non", "لا")],
    "ynu": [
        ("yes", "Yes", "Oui", "نعم"),
        ("no", "No", "Non", "لا"),
        ("unsure", "Not sure", "Pas sûr", "غير متأكد"),
    ],
    "consent": [
        ("yes", "Yes", "Oui", "نعم"),
        ("no", "No", "Non", "لا"),
        ("later", "Not now", "Plus tard", "لاحقاً"),
    ],
    "sex": [
        ("f", "Female", "Femme", "أنثى"),
        ("m", "Male", "Homme", "ذكر"),
        ("x", "Other", "Autre", "آخر"),
    ],
    "danger": [
        (
            "near",
            "Someone dangerous is near",
            "Quelqu'un de dangereux est proche",
            "شخص خطر قريب",
        ),
        (
            "family",
            "Threats to the family",
            "Menaces contre la famille",
            "تهديد للعائلة",
        ),
        (
            "self",
            "Could hurt herself or himself",
            "Pourrait se blesser",
            "قد يؤذي نفسه",
        ),
        ("none", "None", "Aucun", "لا شيء"),
    ],
    "lang": [
        ("ar", "Arabic", "Arabe", "العربية"),
        ("fr", "French", "Français", "الفرنسية"),
        ("am", "Amharic", "Amharique", "الأمهرية"),
        ("so", "Somali", "Somali", "الصومالية"),
    ],
    "share": [
        ("police", "Police", "Police", "الشرطة"),
        ("ngo", "Shelter", "Foyer", "المأوى"),
        ("health", "Clinic", "Clinique", "العيادة"),
        ("un", "UN", "ONU", "الأمم المتحدة"),
    ],
    "purpose": [
        ("sex", "Sexual exploitation", "Exploitation sexuelle", "استغلال جنسي"),
        ("labour", "Forced labour", "Travail forcé", "عمل قسري"),
        ("domestic", "Domestic servitude", "Servitude domestique", "خدمة منزلية قسرية"),
        ("begging", "Begging", "Mendicité", "تسول"),
        ("crime", "Crime", "Délits", "جرائم"),
        ("other", "Other", "Autre", "أخرى"),
    ],
    "flags": [
        ("injury", "Injury", "Blessure", "إصابة"),
        ("fever", "Fever", "Fièvre", "حمى"),
        (
            "attack",
            "Attack in the last 72 hours",
            "Agression (72 h)",
            "اعتداء خلال 72 ساعة",
        ),
        ("none", "None", "Aucun", "لا شيء"),
    ],
    "next": [
        ("refer", "Refer now", "Orienter", "إحالة الآن"),
        ("inform", "Inform", "Informer", "إعلام"),
        ("stop", "Stop", "Arrêter", "توقف"),
    ],
    "country": [
        (f"c{n:03}", f"Country {n}", f"Pays {n}", f"بلد {n}") for n in range(1, 196)
    ],
    "province": [
        (f"p{n:02}", f"Province {n}", f"Province {n}", f"محافظة {n}")
        for n in range(1, 15)
    ],
}


def choices() -> list[Row]:
    rows = [
        {"list_name": name, "name": code, **in_three("label", words)}  # type: ignore[arg-type]
        for name, them in LISTS.items()
        for code, *words in them
    ]
    districts = [
        {
            "list_name": "district",
            "name": f"d{n:03}",
            **in_three("label", (f"District {n}", f"District {n}", f"قضاء {n}")),
            "province": f"p{(n - 1) // 12 + 1:02}",
        }
        for n in range(1, 169)
    ]
    return rows + districts


@cache
def long_workbook() -> bytes:
    title = {"form_title": "A long form"}
    title |= in_three("heading", ("A long form", "Un long formulaire", "استمارة طويلة"))
    settings = {"form_id": "long", "version": "7", "default_language": LANGUAGES[0]}
    named = {"instance_name": "concat('Long ', ${met}, ' ', ${result})"}
    return workbook(survey(), choices(), title | settings | named)


@cache
def long_form() -> Form:
    form, faults = read_form(long_workbook(), name="long.xlsx")
    assert form is not None, [str(fault) for fault in faults]
    return form
