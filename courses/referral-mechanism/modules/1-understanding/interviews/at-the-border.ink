# title: At the border: a first meeting
# about: You work at a border post. A young woman has been asked to wait. You have a quarter of an hour with her.
# note: She is tired and afraid of somebody who travels with her. Nothing violent is told.
# minutes: 10
# lesson: 07-the-safety-gate

// Invented people, written for this course. Every way through ends in a talk about it.
// "strong" and "think" are shown at the end; nothing is counted or graded.

VAR at_ease = 0
VAR alone = false
VAR safe_asked = false
VAR knows_rights = false

-> room

=== room ===
A small room beside the hall. The young woman at the table holds a bag on her knees. A man stands at her side. He smiles at you. # who: scene
“She is my cousin,” he says. “She does not speak your language. I will answer for her.” # who: the man
* [“Thank you. I talk with everybody by themselves here. Please wait outside.”]
    ~ alone = true
    You made it a rule for everybody, so that he could not blame her for it. # strong: You spoke with her alone, and made it sound like every day.
    He looks at her, then at you, and goes. The door closes.
    -> interpreter
* [“All right. Please tell me where you two are going.”]
    He answers quickly, and well. She looks at the floor. # think: While he was in the room, she could say nothing that he should not hear.
    After a while your colleague calls him to the desk about the papers. You are alone with her.
    ~ alone = true
    -> interpreter
* [“Is that true? Is he your cousin?”]
    She nods, without looking up. What else could she do, with him beside her? # think: A question about him, in front of him, put her at risk.
    ~ at_ease = at_ease - 1
    Your colleague sees it and calls the man to the desk. You are alone with her.
    ~ alone = true
    -> interpreter

=== interpreter ===
You try a few words. She understands little. # who: scene
* [Call the interpreters’ line, and ask for a woman.]
    ~ at_ease = at_ease + 1
    A voice from the loudspeaker greets her in her own language. Her shoulders drop a little. # strong: You brought an interpreter who has nothing to do with those she travels with.
    -> opening
* [Ask the driver of the bus, who speaks her language.]
    The driver comes in. She falls silent at once. You see it, thank him, and call the interpreters’ line after all. # think: Whoever came along on the journey may know him, or be afraid of him.
    -> opening
* [Use the phone to translate.]
    It works for simple words. When you want to say that she may refuse, the sentence comes out strangely. You call the interpreters’ line. # think: A phone is good for “water?”; it is not good enough for consent.
    -> opening

=== opening ===
She waits for you to begin. # who: scene
* [“Before anything else: are you in danger here, now? Is there something that we should do at once?”]
    ~ safe_asked = true
    ~ at_ease = at_ease + 1
    She thinks about it. “Here? No,” she says. “Here it is quiet.” # strong: You asked about safety before anything else.
    -> explain
* [“What is your name, and how old are you?”]
    “They have my passport,” she says, and says no more. # think: Name and age came before she knew who asks, and why.
    ~ at_ease = at_ease - 1
    -> explain
* [“Were you forced to come? You can tell me.”]
    “No,” she says quickly. “No, no.” # think: The hardest question came first. She did not know yet what an answer would lead to.
    ~ at_ease = at_ease - 2
    -> explain

=== explain ===
* [“I am not here to send you back or to accuse you. You need not answer. You can stop whenever you like.”]
    ~ knows_rights = true
    ~ at_ease = at_ease + 1
    She looks at you for the first time. “And him?” she asks. “Will he hear it?” # strong: She learned what this talk is for, and that she may stop.
    -> hear_it
* [“If you tell me everything, I will see to it that nothing happens to you.”]
    She looks at you for a long time. # think: It was meant kindly. But you promised something that you can’t keep.
    -> hear_it
* [Say nothing more. Wait.]
    The silence is long. It is not unfriendly, but she does not know what happens here. # think: She could not choose, because she did not know what she could choose from.
    -> hear_it

=== hear_it ===
{ knows_rights:
    “No. What you say stays between you, me and the interpreter. If somebody else has to know something, I ask you before.”
- else:
    “Who hears this?” she asks. You say that nobody outside this room does, unless she agrees.
}
She puts the bag down. # who: scene
“He says that I owe him,” she says. “For the journey. He says that I can work it off at his friends’. I do not know the friends.” # who: the young woman
* [“That sounds heavy. What would you like to happen now?”]
    ~ at_ease = at_ease + 1
    “I want to phone my sister,” she says. “And I do not want to get back on that bus.” # strong: You asked what she wants, and she knew it.
    -> offer
* [“That is debt bondage. You are a victim of trafficking.”]
    She shakes her head. “I am not that,” she says. “I came by myself.” # think: You put a word on her that is not yours to give, and not now. A sign is not yet a finding.
    -> offer
* [“Who are these friends? Where do they live? What is his number?”]
    “I do not know,” she says, and once more: “I do not know.” # think: You asked what an investigation needs. For a first meeting it is enough that there is a sign.
    ~ at_ease = at_ease - 1
    -> offer

=== offer ===
It is nearly time. The bus is about to leave. # who: scene
* [“There is a house where you could stay tonight, and somebody who knows such debts. Do you want me to ask there? I would tell them only that a woman needs a bed.”]
    { at_ease >= 2:
        “Yes,” she says. “But not with him outside.”
        You agree on what the man will be told: that the papers take until tomorrow, as they do for many. # strong: She agreed to one thing, to one place, and knows what they are told.
        -> good_end
    - else:
        “I do not know,” she says. “May I think?” # strong: You offered something small, and said what would be told to whom.
        -> card
    }
* [“I have to tell the police now. They will talk with you.”]
    Her hands close around the bag. “You said…” she begins. # think: She had not been asked, and learned of it when it was decided. Where you have a duty, she should know of it before she speaks.
    -> card
* [“You have to decide yourself. I can only let you travel on or not.”]
    She gets up. # think: It was her choice; but nobody can choose what nobody has told her of.
    -> card

=== card ===
You write a number on the back of a bus ticket. It looks like nothing. “Day and night, in your language,” you say. “They ask for no name.” # who: scene
{ safe_asked: “You asked whether I am in danger,” she says. “Nobody has asked that.” }
* [Give it to her, and say that she can come back at any time.]
    She puts the ticket into her shoe. # strong: The way back stays open, and nothing that he finds says what it is.
    -> small_end
* [Give her the leaflet on trafficking too.]
    She gives the leaflet back and keeps the ticket. She knows better than you what he will find. # think: A leaflet in her bag can betray her.
    -> small_end

=== good_end ===
She sits by the window of another room, with tea, and phones. Her sister is so loud that you hear her through the door. # who: scene
You know little of her: no surname, no age that is certain, no story. You know what she wants. That was enough for today.
-> END

=== small_end ===
She goes. You don’t know how it ends; in this work you rarely do. # who: scene
Somebody has spoken with her, alone, in her language, and has given her a number that holds. People come back to such numbers, sometimes after months.
-> END
