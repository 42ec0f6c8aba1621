# title: At the border: a first meeting
# about: You work at a border post. A young woman has been asked to wait. You have a quarter of an hour with her.
# note: She is tired, and afraid of the man who travels with her. Nothing violent is told.
# minutes: 10
# lesson: 07-the-safety-gate

// Invented people, written for this course. Every way through ends in a talk about it.
// "strong" and "think" are shown at the end; nothing is counted or graded.
// The options of a choice are alike in length and in form, and the best one stands in
// another place each time: `course check` refuses a conversation that gives it away.

VAR at_ease = 0
VAR safe_asked = false
VAR knows_rights = false

-> room

=== room ===
A small room beside the hall. A young woman sits at the table with a bag on her knees; her passport says that she is twenty-four. A man stands beside her and smiles at you. # who: scene
“She is my cousin,” he says. “She does not speak your language. I will answer for her.” # who: the man
* [“Thank you. Then please ask your cousin for me whether she is travelling of her own free will.”]
    ~ at_ease = at_ease - 1
    He says a few words to her. She nods without looking up. “She says yes,” he tells you. Later a colleague calls him to the desk about the papers, and the two of you are alone. # think: With him beside her, she could only nod. What you asked through him he now knows, and she may have to answer for it tonight.
    -> interpreter
* [“Thank you. We see every traveller alone for a few minutes. Please take a seat in the hall.”]
    He looks at her, then at you. You hold the door open, as you have done all morning. He goes, and it closes behind him. Her hands loosen a little on the bag. # strong: You spoke with her alone, by a rule that is the same for everyone. He has no reason to think that she asked for it.
    -> interpreter
* [“Thank you, that helps. Could you first tell me where the two of you are going today?”]
    He answers quickly and well: the town, the work, the way back. She looks at the floor. Later a colleague calls him to the desk about the papers, and the two of you are alone. # think: The first minutes went to him. As long as he was in the room, she could say nothing that he was not meant to hear.
    -> interpreter

=== interpreter ===
You try a few words in two languages. She understands “water” and “bus”, and little else. # who: scene
* [Ask the driver of her bus to interpret, since he speaks her language well.]
    The driver comes in, friendly, his cap in his hand. She falls silent at once and looks at the door. You see it, thank him, and call the interpreters’ line after all. # think: Anyone who came along on the journey may know the man, or fear him. Her own language is not enough: it has to be a voice without ties.
    -> opening
* [Use the translation app on your phone, so that no third person listens.]
    It works for “water” and “toilet”. When you want to say that she may refuse, the sentence comes out strangely, and she frowns at the screen. You call the interpreters’ line. # think: An app is good enough for water. It is not good enough for what she may refuse, and neither of you would notice its mistake.
    -> opening
* [Call the interpreters’ line, and wait until a woman is free to interpret.]
    ~ at_ease = at_ease + 1
    It takes four minutes. Then a woman’s voice from a city far away greets her in her own language. You ask whether this voice is all right for her. Her shoulders drop a little. # strong: You brought in an interpreter who has no ties to those she travels with, and you asked her whether she was content with it.
    -> opening

=== opening ===
She looks from the loudspeaker to your uniform, and waits for you to begin. # who: scene
* [“Before anything else: are you in danger now, and is there anything you need?”]
    ~ safe_asked = true
    ~ at_ease = at_ease + 1
    She thinks about it. “Here? No,” she says. “Here it is quiet. But I have not eaten since yesterday.” You have bread and tea brought before you say anything else. # strong: Safety and needs came before any question about her. She saw that an answer leads to something, and costs her nothing.
    -> explain
* [“Let us start with something simple: what is your name, and where do you live?”]
    ~ at_ease = at_ease - 1
    “It is all in the passport,” she says, and then nothing more. You copy what you can read there. It is so quiet that you can both hear the pen. # think: What is simple for you is not simple for her. Others find her by her name and address, and she did not know yet who was asking.
    -> explain
* [“I have met many women like you: did someone force you to come with him?”]
    ~ at_ease = at_ease - 2
    “No,” she says quickly. “No, no. He is my cousin.” She draws the bag closer. Even the interpreter is silent for a moment before she goes on. # think: The hardest question came first, and the answer was already in it. She could not know yet what a yes would lead to.
    -> explain

=== explain ===
Outside, someone laughs. She turns her head to the window, and then back to you. # who: scene
* [“You can trust me. Tell me everything, and I will see that nothing happens to you.”]
    She looks at you for a long time. “Everything?” she asks. She says it politely, like someone who has heard such a sentence before, in another room. # think: It was meant kindly, but you cannot keep such a promise. The man made promises too; she knows how they sound.
    -> hear_it
* [“We have time. I will ask you nothing until you feel like talking to me.”]
    The silence is long. It is not unfriendly, but she does not know what this room is for. She counts the chairs, and looks at the clock above the door. # think: Patience is good. But nobody had told her what this talk is, and what follows from it; so there was nothing for her to choose from.
    -> hear_it
* [“You are not accused of anything. You can skip questions, and stop whenever you like.”]
    ~ knows_rights = true
    ~ at_ease = at_ease + 1
    She has the interpreter repeat the last words, as if to test whether they hold. Then she looks at you for the first time. “And him?” she asks. “Will he hear it?” # strong: She learned what this talk is, and that she may say no to it. Only now could she choose what to tell you.
    -> hear_it

=== hear_it ===
{ knows_rights:
    “Not from me,” you say. “It stays between the three of us. Only if someone’s life or a child were in danger would I have to pass it on, and I would tell you first.”
- else:
    “Who hears this?” she asks at last. You say it late, but you say it: the three of you. Others only if she agrees, or if someone’s life or a child were in danger.
}
She puts the bag down. # who: scene
“He says that I owe him,” she says. “For the journey. I can work it off with friends of his, he says. I do not know these friends.” # who: the young woman
* [“Who are these friends? If I have a name or a number, I can help.”]
    ~ at_ease = at_ease - 1
    “I do not know,” she says, and once more: “I do not know.” She seems to go through all that she has said so far. Then she takes the bag back onto her knees. # think: You asked for what an investigation needs. For a first meeting it is enough that there is a sign; her trust was worth more than a name.
    -> offer
* [“That sounds like a lot to carry. What would you like to happen now?”]
    ~ at_ease = at_ease + 1
    “I want to phone my sister,” she says after a while. “And I do not want to get back on that bus.” She looks surprised to hear herself say it. # strong: You asked what she wants, and she knew it. Whatever happens next can begin there, and not with what others think best.
    -> offer
* [“What he is doing has a name. You are a victim of debt bondage.”]
    She shakes her head before the interpreter has finished. “I am not that,” she says. “I came by myself. I said yes to it.” And she looks at the door. # think: The word may even be right, but it is not yours to give, and not now. A sign is not yet a finding, and she heard a verdict.
    -> offer

=== offer ===
It is nearly time. Outside, the driver starts the engine of the bus. # who: scene
* [“I will inform the police now. They are kind, and they will know what to do.”]
    Her hands close around the bag. “You said…” she begins, and does not finish the sentence. You put the receiver down again, but she has seen it in your hand. # think: She heard of the report when it was already decided. Where you have a duty to report, tell her before she speaks; where you have none, ask her.
    -> card
* [“It is your decision. Travel on or stay here: I will respect whatever you choose.”]
    She gets up slowly. “And where would I stay?” she asks. When you don’t answer at once, she answers it herself with a shrug, and reaches for her coat. # think: You respected her choice, and that is right. But nobody can choose a door that nobody has shown her: a free choice needs an offer.
    -> card
* [“There is a house with a bed for tonight. Shall I ask there, without your name?”]
    { at_ease >= 2:
        “Yes,” she says. “But not with him outside.” Together you find the words for him: that the papers take until tomorrow, as they do for many. # strong: She agreed to one thing, in one place, and knows what is told there. What the man hears puts her in no danger.
        -> good_end
    - else:
        “I do not know,” she says. “May I think?” You say that she may, and that someone opens the door there tomorrow too. Outside, the driver sounds his horn. # strong: You offered something small, said what would be told there, and let her take her time with it.
        -> card
    }

=== card ===
You write a number on the back of a bus ticket. It looks like nothing. “Day and night, in your language,” you say. “They ask for no name.” # who: scene
{ safe_asked: “You asked whether I was in danger,” she says. “Nobody has asked me that.” | “Why do you give me this?” she asks. “So that it is there,” you say. “Whether you use it is up to you.” }
* [Give her the leaflet on trafficking too, in case she wants to read more.]
    She reads the first line of the leaflet, gives it back, and keeps the ticket. She knows better than you who goes through her bag at night. # think: The leaflet was meant as information. But one word on it can give her away; a bus ticket says nothing to anyone.
    -> small_end
* [Give her the ticket alone, and tell her that she may always come back.]
    She reads the number until she knows it by heart; her lips move. Then she puts the ticket into her shoe all the same. # strong: The way back stays open, and what she carries says nothing to anyone who goes through her things.
    -> small_end
* [Ask for her number as well, so that you can ring her tomorrow morning.]
    She hesitates, then she tells you. “But it is he who answers,” she says. You cross the number out again, so that she sees it. # think: You wanted to stay in touch. But a call can harm her: first ask at which number, at what hour, and who you should say you are.
    -> small_end

=== good_end ===
She sits by the window of another room, with tea and a telephone. Her sister is so loud that you hear her through the door. # who: scene
You know little of her: no address, no story, not even the name of her town. You know what she wants. That was enough for today.
-> END

=== small_end ===
She goes. You don’t know how it ends; in this work you rarely do. # who: scene
Someone has spoken with her alone, in her language, and has given her a number that holds. People come back to such numbers, sometimes after months.
-> END
