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
The girl sits on the edge of the chair, her feet do not reach the floor. # who: scene
“My mum’s head hurts,” she says. “Since the summer. She says it is from the work, and I should not tell you about the work.” She covers her mouth. # who: the girl
* [“You do that well. Go on: what does she do at work?”]
    The girl looks at her mother. Her mother says one sentence, sharply. The girl is silent. # think: You asked a child to choose between you and her mother.
    ~ trust = trust - 1
    -> who_interprets
* [“Thank you. That was a lot of work for you. I will find a grown-up who does it now.”]
    ~ trust = trust + 1
    The girl breathes out. “Really?” she says. # strong: You took the task from the child, and did not let it look like a mistake of hers.
    -> who_interprets
* [“Who told you not to speak of it?”]
    The girl looks at the door. # think: She said too much already, and knows it. A further question frightens her.
    ~ trust = trust - 1
    -> who_interprets

=== who_interprets ===
* [Call the telephone interpreter, and let the girl go to the corner with the books, where she sees her mother through the glass.]
    ~ child_free = true
    ~ trust = trust + 1
    The girl sits down with a book about whales, where both can see each other. The mother listens to the voice on the telephone, and nods. # strong: The child needs to hear none of it, and neither has to worry about the other.
    -> pain
* [Call the telephone interpreter; the girl stays on the chair.]
    The voice on the telephone greets the mother. The girl listens to every word. # think: What a mother does not say in front of her child you will not hear.
    -> pain
* [Send the girl to the waiting room.]
    The mother takes hold of the girl’s sleeve. “No,” she says; that much she can say. You find them a place behind the glass, where both can see each other. # think: In a strange building a child out of sight is a reason to leave. You noticed, and found another way.
    ~ child_free = true
    -> pain

=== pain ===
You examine her. She carries one shoulder higher than the other. # who: scene
* [“Tell me about the headaches. When do they come?”]
    “When I have not slept,” the interpreter says for her. “I sleep at the laundry. There are many machines.” # strong: You began with what she came for.
    ~ trust = trust + 1
    -> laundry
* [“Does anybody keep you there against your will?”]
    “No,” says the mother. “I have come for my head.” # think: She came with a headache. The way to the rest leads through it.
    ~ trust = trust - 1
    -> laundry

=== laundry ===
{ child_free:
    She looks over to the glass. The girl turns a page. “She goes to no school,” the mother says, quietly. “He says, when the papers are there.”
- else:
    She looks at the girl, and says only: “It is warm there.”
}
* [“You said he. You need not tell me who that is. What worries you most?”]
    ~ mother_asked = true
    ~ trust = trust + 1
    “That they take her from me,” she says at once. “If I complain. He says so.” # strong: You asked about her worry, not about a culprit. Now you know what keeps her silent.
    -> fear
* [“A child has to go to school. That is the law here.”]
    She draws her jacket together. “I am a good mother,” she says. # think: It is true, and it sounded like a threat, the same that he uses.
    ~ trust = trust - 1
    -> fear
* [Write “suspected forced labour” into the record, on the screen that she can see.]
    She can’t read it. But she sees that you have stopped listening. # think: First the person, then the record; and in the record what she said, not what you conclude.
    -> fear

=== fear ===
{ mother_asked:
    “I understand that you are afraid of that,” you say.
- else:
    It is silent. Then she asks, without being asked: “Will you take her away?”
}
* [“Nobody takes a child away because her mother was at the doctor’s. There are things that I would have to pass on; I tell you which, before you go on.”]
    ~ trust = trust + 1
    You say it in three sentences: what stays here, what you would have to pass on about a child in danger, and to whom. She asks about each. # strong: She knows the limits of your silence before she speaks on.
    -> offer
* [“Don’t worry. All that you say here stays here.”]
    She goes on at once, and quickly; and with every sentence you know better that it can’t all stay here. # think: A promise without limits is one that you may have to break.
    -> offer
* [“That is for the child protection office to decide, not for me.”]
    She stands up. It takes you a while until she sits down again. # think: You are the person who is in the room.
    ~ trust = trust - 1
    -> offer

=== offer ===
What now? # who: scene
* [“For your head: here is something, and a slip for next Tuesday. There I have an hour, and somebody who knows about work and papers. Both of you come. Do you want that?”]
    { trust >= 3:
        “Tuesday he is at the market,” she says. “Tuesday is good.” # strong: A next step that she chose herself, on a day that is safe for her.
        -> tuesday
    - else:
        “Perhaps,” she says. She keeps the slip; it says only: headache, check-up. # strong: The slip gives nothing away, and there is a day on which she can come.
        -> perhaps
    }
* [“I will call the labour inspectorate today.”]
    “No. No, no.” She has your sleeve now. “They close it, and where do I sleep then? And she?” # think: Something happened about her without her. First a bed, then the inspection, and both only with her.
    -> perhaps
* [Ask the girl, when you let her in again, whether she likes it at the laundry.]
    “I am not allowed to go to the machines,” says the girl proudly. “Only when many shirts come.” Her mother closes her eyes. # think: If a child has to be asked, then by somebody who has learned it, in a place made for it; not in passing.
    -> perhaps

=== tuesday ===
They come on Tuesday, both, ten minutes early. The girl brings the whale book back; you had not noticed that it was gone. # who: scene
It is a beginning: a bed that does not depend on work, a school, and a mother who decides at each step what is told to whom.
-> END

=== perhaps ===
You don’t know whether they will come. You write down what she said, in her words, who interpreted, and what you agreed. # who: scene
You ask the colleague for children in the team for advice, without a name: what would be a duty here, and what can wait until Tuesday.
-> END
