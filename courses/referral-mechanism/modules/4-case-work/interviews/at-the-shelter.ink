# title: At the shelter: intake, and a consent that is taken back
# about: You are a worker in a shelter. A young man moved in yesterday. Today you want to talk about his plan, and about whom you may tell of it.
# note: He lost his pay and his papers, and does not trust offices. Nothing violent is told.
# minutes: 12
# lesson: 02-the-consent-talk

// Invented people, written for this course.

VAR shared_lawyer = false
VAR shared_clinic = false
VAR trust = 0

-> morning

=== morning ===
He stands in the kitchen and washes a cup that is clean already. # who: scene
* [“Good morning. Have you eaten? We have time. The talk can also be tomorrow.”]
    ~ trust = trust + 1
    “Today is all right,” he says. “But not in the office.” You take the bench behind the house. # strong: He chose when and where.
    -> forms
* [“Good that I see you. I need you in the office for the forms, ten minutes.”]
    In the office he sits by the door. # think: It was your timetable. Ten minutes later would have cost nothing.
    -> forms

=== forms ===
You have the list of questions for the intake with you. It has four pages. # who: scene
* [“Here are four pages. Today I need only three things: what you must not eat, whether you need medicine, and whom we call if something happens to you. All else can wait.”]
    ~ trust = trust + 1
    “Nobody,” he says to the last one. And after a while: “My aunt. But only if I am dead.” You write down exactly that. # strong: You asked for what is needed now, and for nothing more.
    -> before
* [Go through the four pages from the top.]
    On page two he says “I do not know” to everything, also to his age. # think: He stopped answering long before you stopped asking.
    -> before
* [“How did you come to this employer? From the beginning, please.”]
    “I have told that to the police already,” he says. “And to the doctor. And to a woman with a red jacket.” # think: He had told it three times. Ask who knows it already, with his consent, rather than asking him once more.
    ~ trust = trust - 1
    -> before

=== before ===
He asks: “Who reads what you write there?” # who: the young man
* [“I do, and my colleague at night reads the page on your health. Nobody else, unless you say so. You can see it whenever you like.”]
    ~ trust = trust + 1
    You turn the screen so that he sees it. He reads slowly, with his finger. “That is not right,” he says. “I said welder, not worker.” You change it. # strong: He saw his own record, and it became more correct by it.
    -> lawyer
* [“That is confidential, of course.”]
    “That is what they all say,” he answers. # think: A word is not an explanation. Who reads it, what for, how long: these are three sentences.
    -> lawyer

=== lawyer ===
A lawyer could claim his wages. She would need his name, the name of the company, and how long he worked there. # who: scene
* [“She would need your name, the company and the dates; nothing else, not where you live. It is for the wages alone. Do you want that? No is all right too, and changes nothing here.”]
    ~ shared_lawyer = true
    ~ trust = trust + 1
    He has you repeat it: the name, the company, the dates. “And she does not come here?” “No.” “Then yes.” # strong: To whom, what, what for: and no costs him nothing.
    -> clinic
* [“We always involve a lawyer. Sign here, please.”]
    ~ shared_lawyer = true
    He signs. He signs everything. # think: A signature is not a consent. He didn’t hear that he could say no.
    -> clinic
* [Send the whole file to the lawyer. She is bound to secrecy, after all.]
    ~ shared_lawyer = true
    It has been sent. In the file is also the aunt. # think: She needed three things, and received forty. Secrecy does not make too much into enough.
    ~ trust = trust - 1
    -> clinic

=== clinic ===
His hand is burnt, an old injury that has not healed. The clinic would have an appointment. # who: scene
* [“Shall I tell the clinic that a man with a burn on his hand comes, or do you want to ring yourself? I can sit beside you.”]
    ~ trust = trust + 1
    He rings himself. You dial. He says his first name and the word for hand. # strong: What he can do himself he did himself.
    -> later
* [“I have already made an appointment for you. Tomorrow at nine.”]
    ~ shared_clinic = true
    “Aha,” he says. He goes, tomorrow at nine. # think: It was the right clinic, and his decision was missing.
    -> later

=== later ===
Three weeks later he stands in your door. # who: scene
“I do not want the lawyer any more,” he says. “Tell her to stop. My cousin says that the boss is asking around who has complained.” # who: the young man
* [“Good that you tell me. I will end it now, while you are here. Do you want to tell me more about the boss? Then we look at what makes you safe.”]
    ~ trust = trust + 1
    You end it on the screen. He sees it: consent ended, today, eleven minutes past ten; the lawyer is asked to delete what she has. # strong: Taken back, it was as easy as given, and it held at once.
    -> safety
* [“But it is going so well! In two months you have your money. Think about it once more.”]
    “I have thought about it,” he says. # think: You argued with a decision that was his. He will not tell you the next one.
    ~ trust = trust - 1
    You end it after all. It takes you until noon, and he waits in the corridor.
    -> safety
* [“Then I have to close your case with us too, unfortunately. The plan was the condition.”]
    He goes and packs his bag. Your colleague runs after him: it is not true. The bed never depended on it. # think: Help that depends on a yes makes each yes worthless.
    ~ trust = trust - 2
    -> safety

=== safety ===
{ shared_clinic: “And the clinic?” he asks. “Did you tell them too where I live?” You look it up together: no, only the first name, and the hand. }
{ shared_lawyer: The lawyer answers the same day: deleted, and she is sorry. She says that he can come back, within the time limit, without telling anything anew. }
* [“What would you need in order to sleep well tonight?”]
    { trust >= 3:
        He thinks. “A different way to the bus,” he says. “And that nobody at the gate says that I am here.” Both can be done by this evening. # strong: He said himself what makes him safe.
        -> evening
    - else:
        “I don’t know,” he says. “I will tell you.” He stays in the door a moment longer than he has to. # strong: You asked, and left the door open.
        -> evening
    }
* [Tell the police about the boss, so that it stops.]
    You have the receiver in your hand already. Then you ask him. “No,” he says. “First I want to be gone from here.” # think: A report that he does not want can put him at risk. Ask first: what is he afraid of, and what would have to be so that it is safe?
    -> evening

=== evening ===
In the evening he repairs the gate. It has squeaked for years. # who: scene
The case is open, the plan is shorter, and it is his. The claim for the wages waits; so does the lawyer. In the record there is one consent less, and beside it, when it ended and that it was heard.
-> END
