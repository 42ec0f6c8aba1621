# title: At the shelter: intake, and a consent that is taken back
# about: You work in a shelter. A young man moved in yesterday. Today you want to talk about his plan, and about whom you may tell of it.
# note: He lost his pay and his papers, and does not trust offices. Nothing violent is told.
# minutes: 12
# lesson: 02-the-consent-talk

// Invented people, written for this course.

VAR shared_clinic = false
VAR trust = 0

-> morning

=== morning ===
He stands in the kitchen and washes a cup that is already clean. # who: scene
* [“Good morning. I need you in the office for the forms, only ten minutes.”]
    He comes along at once. In the office he sits by the door, on the edge of the chair, with his jacket on. “Ten minutes,” he says, as if to remind you. # think: The timetable was yours. An hour later, or on the bench outside, would have cost nothing, and he would have had a say.
    -> forms
* [“Good morning. I’d like to talk about your plan. When and where suits you?”]
    ~ trust = trust + 1
    He thinks about it for longer than you expect. “Now is all right,” he says. “But not in the office.” You take the bench behind the house, from where you can see the gate. # strong: He chose when and where. It is the first thing that he has decided since he came here.
    -> forms
* [“Good morning. How are you? You can tell me anything, whatever it may be.”]
    “Good,” he says, and turns the tap on again. You wait. When you ask him to come along in the end, he dries his hands for a long time, one finger after the other. # think: The question was warm, and too wide. To begin with, someone who does not trust offices needs a small question that he can answer.
    -> forms

=== forms ===
You have the questions for the intake with you: four pages. # who: scene
* [“How did you come to this employer? Tell me from the beginning, in your own words.”]
    ~ trust = trust - 1
    “I have told that to the police,” he says. “And to the doctor. And to a woman in a red jacket.” He counts them on his fingers, and leaves the fourth one up. # think: He has told it three times. With his consent, ask those who know it already, and spare him the fourth time.
    -> before
* [“It is four pages. Let’s go through them quickly, and then it’s done for good.”]
    On page two he begins to answer “I do not know” to everything, even to his age. You do reach the end, in eleven minutes, and the pages are full of it. # think: He stopped answering long before you stopped asking. What was quick for you was too much for him.
    -> before
* [“Three questions are enough for today: food, medicine, and whom we call if need be.”]
    ~ trust = trust + 1
    Of the first two he says little. “Nobody,” he says to the last one. And after a while: “My aunt. But only if I am dead.” You write down exactly that. # strong: You asked for what is needed today, and for nothing more. That left room for an answer that mattered to him.
    -> before

=== before ===
He asks: “Who reads what you write there?” # who: the young man
* [“It is all confidential, of course. Nobody outside this house will ever see any of it.”]
    “That is what they all say,” he answers, not even in anger. From then on he watches your pen, as if it might write something by itself. # think: “Confidential” explains nothing, and “nobody, ever” you can’t keep. Who reads it, what for, how long: these are three sentences.
    -> lawyer
* [“I do, and my colleague on nights reads the health page. Would you like to see it?”]
    ~ trust = trust + 1
    You turn the screen towards him. He reads slowly, with his finger. “That is not right,” he says. “I said welder, not worker.” You change it, and he reads it again. # strong: He learned who reads what, and he saw his own record. Now it is also more accurate than before.
    -> lawyer
* [“Only people who want to help you: our team here, and the partners we work with.”]
    “Partners,” he repeats. “My boss had partners too.” He nods politely, and from then on he weighs each word before he says it. # think: “Partners” is nobody in particular. He asked who, and should have heard it: which person, which page, and for what.
    -> lawyer

=== lawyer ===
A lawyer could claim his wages. She would need his name, the name of the company, and how long he worked there. # who: scene
* [“She gets nearly everyone their money. If you sign here, I’ll send it off today.”]
    He signs. He signs everything that is put in front of him; he did so at the company too. “Is that all?” he asks, and is already on his feet. # think: A signature is not a consent. He did not hear that he could say no, and “nearly everyone” pushed him a little.
    -> clinic
* [“For your wages she needs these three things. May I send them, or rather not?”]
    ~ trust = trust + 1
    He has you repeat it: the name, the company, the dates. “And she does not come here?” “No. And if you say no, nothing changes here.” “Then yes,” he says. # strong: To whom, what, and what for; and a no costs him nothing. That is why his yes is worth something.
    -> clinic
* [“She is bound to secrecy. May I send your file, so you needn’t explain again?”]
    ~ trust = trust - 1
    He shrugs, and you send it: forty pages, with the aunt, and with what the doctor wrote. Only afterwards does he ask: “All of it?” # think: You wanted to spare him. But she needed three things and received forty pages; secrecy does not make too much into enough, and a shrug is not a yes.
    -> clinic

=== clinic ===
His hand is burnt, an old injury that has not healed. The clinic has an appointment free. # who: scene
* [“Would you like to ring them yourself, or shall I do it? I can sit beside you.”]
    ~ trust = trust + 1
    He rings himself; you only dial. He gives his first name and the word for hand, and says thank you twice. Then he looks at the receiver as if it had grown smaller. # strong: What he could do himself he did himself. The clinic knows what he told it, and no more than that.
    -> later
* [“I have already rung them for you. They can see you tomorrow at nine, all right?”]
    ~ shared_clinic = true
    “Aha,” he says. “Tomorrow at nine.” He goes, and he is on time. Only he doesn’t ask you for anything else in that week, not even for soap. # think: It was the right clinic, and a good hour. But the decision was yours, and nobody had asked him what may be told there.
    -> later
* [“I’ll ring and explain how it happened, so that you needn’t talk about it.”]
    ~ shared_clinic = true
    You explain it: the hand, the workshop, the weeks without a doctor. He sits beside you and understands single words. At “workshop” he looks up. # think: You spared him a hard call, and told more than a hand needs. With you beside him he might have managed it in a sentence.
    -> later

=== later ===
Three weeks later he stands in your doorway. # who: scene
“I do not want the lawyer any more,” he says. “Tell her to stop. My cousin says that the boss is asking around who has complained.” # who: the young man
* [“Good that you say so. I’ll stop it now, and then we talk about your safety.”]
    ~ trust = trust + 1
    You end it on the screen, and he watches: consent ended, today, eleven minutes past ten; the lawyer is asked to delete what she has. He reads it twice. # strong: Taken back, it was as easy as given, and it held at once. Only then did you speak of what comes next.
    -> safety
* [“I understand. But you have your money in two months: will you wait a week?”]
    ~ trust = trust - 1
    “I have thought about it,” he says. You end it after all. It takes you until noon, and all that time he waits in the corridor, standing. # think: You argued with a decision that was his, and that holds from the same day. The next one he may not tell you at all.
    -> safety
* [“I understand. But the claim belongs to your plan here: shall we talk that over first?”]
    ~ trust = trust - 2
    He hears that the bed depends on the claim, and goes to pack his bag. Your colleague runs after him to say that it isn’t so. You end the consent before he is back. # think: With plan and claim in one breath, it became a condition. Help that depends on a yes makes every yes worthless.
    -> safety

=== safety ===
The lawyer answers the same day: deleted, and she is sorry. He can come back within the time limit, she writes, without explaining anything again. # who: scene
{ shared_clinic: “And the clinic?” he asks. “Do they know where I live?” You look it up together: his name and his hand, but not the house. | “And the clinic?” he asks, and answers it himself: “They know what I told them. My first name, and my hand.” }
* [“We should tell the police about him. Then it stops, for you and for others.”]
    You have the receiver in your hand already when you ask him after all. “No,” he says. “First I want to be far away from here.” You put it down again. # think: A report that he does not want can put him at risk. First ask what he is afraid of, and what would make a report safe for him.
    -> evening
* [“This town is not safe any more. I’ll find you a place elsewhere by tonight.”]
    “Again?” he asks. By now he knows which dog in the street barks and which one bites. “Who says that I want to go?” You have no answer to that. # think: A move may even be right. But you decided it for him, before you knew what he is afraid of and what would be enough.
    -> evening
* [“What do you fear he might do? And what would help you to sleep tonight?”]
    { trust >= 3:
        He thinks. “Another way to the bus,” he says. “And that nobody at the gate says that I am here.” Both can be done by this evening, and you do both together. # strong: He said himself what makes him safe. It was less than you had feared, and it was what he needed.
        -> evening
    - else:
        “I do not know,” he says. “I will tell you.” He stays in the doorway a moment longer than he has to, with his hand on the frame. # strong: You asked, and did not press him. The door is open, and he has seen that.
        -> evening
    }

=== evening ===
In the evening he repairs the gate. It has squeaked for years. # who: scene
The case is open; the plan is shorter, and it is his. The claim for the wages waits, and so does the lawyer. In the record there is one consent less, and beside it the minute in which it ended.
-> END
