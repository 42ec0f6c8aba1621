# title: At the clinic: a child is in the room
# about: You are a nurse. A mother has come because of headaches. Her daughter, who is about nine, interprets for her.
# note: A child carries too much, and a mother is afraid of her employer. Nothing violent is told.
# minutes: 10
# lesson: 09-interpreters-and-yourself

// Invented people, written for this course.

VAR child_free = false
VAR trust = 0
VAR mother_asked = false

-> consulting_room

=== consulting_room ===
The girl sits on the edge of the chair; her feet do not reach the floor. # who: scene
“My mum’s head hurts,” she says. “Since the summer. She says it is from the work, and I must not tell you about the work.” She covers her mouth. # who: the girl
* [“Thank you, you did that well. A grown-up will interpret from now on, all right?”]
    ~ trust = trust + 1
    The girl breathes out. “Really?” she asks, and slides back on the chair until she can lean. Her mother looks at you, and puts a hand on the girl’s hair. # strong: You took the task from the child and thanked her for it. To neither of them did it look like a mistake of hers.
    -> who_interprets
* [“Thank you, you did that well. Can you tell me what Mum does at work?”]
    ~ trust = trust - 1
    The girl looks at her mother. The mother says one sentence, sharply, and the girl studies the floor. “I don’t know,” she says, though you can see that she does. # think: The question was friendly, and it made a child choose between you and her mother. For what she says here she may have to answer at home.
    -> who_interprets
* [“Thank you, nobody will be cross with you. Who said you must not tell me?”]
    ~ trust = trust - 1
    The girl looks at the door, and then at her mother, whose face has closed. “Nobody,” she says, very quietly. She pulls her sleeves down over her hands. # think: She had said too much already, and knew it. Your question showed her that you had noticed; the kind words before it do not undo that.
    -> who_interprets

=== who_interprets ===
The interpreters’ number hangs on the wall. Beside the desk, behind a pane of glass, there is a corner with picture books. # who: scene
* [Call the telephone interpreter, and let the girl wait outside with a book.]
    ~ child_free = true
    The mother takes hold of the girl’s sleeve. “No,” she says; that much she can say herself. You find a place for the girl behind the glass instead, with a book about whales. # think: In a strange building, a child out of sight is a reason to leave. You noticed it, and found another way.
    -> pain
* [Call the telephone interpreter, and let the girl read beside her mother.]
    The girl opens a book about whales, and does not turn the page. The voice on the telephone greets the mother. The girl listens to every word, in both languages. # think: You took care not to part them. But what a mother does not say in front of her child you will not hear.
    -> pain
* [Call the telephone interpreter, and let the girl read behind the glass wall.]
    ~ child_free = true
    ~ trust = trust + 1
    The girl sits down with a book about whales, where she and her mother can see each other. The mother listens to the voice on the telephone, and nods. # strong: The child need not hear any of it, and neither has to wonder where the other is. You thought of both.
    -> pain

=== pain ===
You examine the mother. She carries one shoulder higher than the other. # who: scene
* [“May I ask you something? Does anyone keep you at that work against your will?”]
    ~ trust = trust - 1
    “No,” says the mother, before the interpreter has finished. “I have come for my head. In the laundry I have work and a bed.” She looks at the clock above the door. # think: She came with a headache and was asked about a crime. The way to the rest leads through what hurts, and it takes longer.
    -> laundry
* [“Tell me about the headaches, please. When do they come, and how do you sleep?”]
    ~ trust = trust + 1
    “They come when I have not slept,” the interpreter says for her. “I sleep in the laundry. There are many machines, and they run at night too.” # strong: You began with what she came for. So she told you by herself where she sleeps, and nobody had to press her.
    -> laundry
* [“That often comes from hard work. Could you lift less, and lie down more often?”]
    She laughs without a sound. “Tell that to the machines,” the interpreter says for her. “They run at night too, in the laundry, next to my bed.” # think: The advice was sound, and out of her reach. Had you asked first, you would have heard what keeps her from following it.
    -> laundry

=== laundry ===
{ child_free:
    She looks over to the glass. The girl turns a page. “She goes to no school,” the mother says quietly. “He says, when the papers are there.”
- else:
    She looks at the girl and lowers her voice so far that the interpreter has to ask again. “No school yet. He says, when the papers are there.”
}
* [“You said ‘he’. You need not tell me who. What worries you most just now?”]
    ~ mother_asked = true
    ~ trust = trust + 1
    “That they take her from me,” she says at once. “If I complain, they take her, he says.” It is the longest answer that she has given so far. # strong: You asked about her worry, and not about a culprit. Now you know what keeps her silent, and she knows that you heard it.
    -> fear
* [“Every child has a right to school here. Shall I help you to register her?”]
    ~ trust = trust - 1
    She draws her jacket together. “I am a good mother,” she says. The interpreter says it for her, and she says it once more herself, in your language. # think: The child’s right is real, and you meant to help. To her it sounded like the threat that he uses: that someone may find her a bad mother.
    -> fear
* [“What you describe may be forced labour. Shall I write that into your record?”]
    She hears two words that she does not know, and sees your hands on the keys. “What do you write?” she asks. “Who reads it?” You turn away from the screen. # think: First the person, then the record; and in the record what she said, not what you conclude from it. At least you asked her.
    -> fear

=== fear ===
{ mother_asked:
    “That would frighten anyone,” you say, and wait until the interpreter has said it.
- else:
    It is quiet for a moment. Then she asks of her own accord: “Will someone take her away from me?”
}
* [“Please don’t worry. Whatever you tell me in this room stays here, all of it.”]
    She goes on at once, and quickly; and with each sentence you know better that it cannot all stay here. In the end you have to tell her so, and she stops. # think: A promise without limits is one that you may have to break. She needed to know the limits before she spoke.
    -> offer
* [“I really can’t say. The child protection office decides such things, and they are careful.”]
    ~ trust = trust - 1
    She stands up and reaches for her bag. It takes a while, and all the skill of the interpreter, until she sits down again on the edge of the chair. # think: The answer was correct, and it left her alone with her fear. You are the person in the room: say what you do know, and what you don’t.
    -> offer
* [“Coming here is no reason. I’ll tell you first what I would have to pass on.”]
    ~ trust = trust + 1
    You say it in three sentences: what stays here, what you would have to pass on if a child were in danger, and to whom. She asks about each of them. # strong: She knows the limits of your silence before she goes on. What she tells you now, she has decided to tell.
    -> offer

=== offer ===
In the corridor the next patient coughs. You have a few minutes left. # who: scene
* [“I know someone at the labour inspectorate. Shall I ring there this afternoon for you?”]
    “No. No, no.” She has hold of your sleeve. “They close it, and where do I sleep then? And she?” You take your hand off the telephone, so that she sees it. # think: You wanted to be quick. First a bed, then the inspection, and both only with her: whoever closes the laundry closes her room too.
    -> perhaps
* [“On Tuesday I have an hour, with someone who knows about papers. Would you come?”]
    { trust >= 3:
        She counts the days on her fingers. “Tuesday he is at the market,” she says. “Tuesday is good.” On the slip you write only: headache, check-up. # strong: A next step that she chose herself, on a day that is safe for her; and the slip gives nothing away.
        -> tuesday
    - else:
        “Perhaps,” she says. She folds the slip twice before she puts it away. It says only: headache, check-up, Tuesday at ten. # strong: The slip gives nothing away, and there is a day on which she can come if she wants to.
        -> perhaps
    }
* [“I’d like to speak with your daughter too. May I ask how she likes the laundry?”]
    The mother nods, unsure. “I am not allowed near the machines,” the girl says proudly. “Only when there are many shirts.” Her mother closes her eyes. # think: If a child has to be asked, then by someone trained for it and in a place made for it. Now she has told on her mother once more.
    -> perhaps

=== tuesday ===
They come on Tuesday, both of them, ten minutes early. The girl brings the whale book back; you had not noticed that it was gone. # who: scene
It is a beginning: a bed that does not depend on work, a school, and a mother who decides at each step what is told to whom.
-> END

=== perhaps ===
You don’t know whether they will come. You write down what she said, in her words, who interpreted, and what you agreed. # who: scene
You ask the colleague for children in your team for advice, without a name: what is a duty here, and what can wait until Tuesday.
-> END
