# title: À la clinique : une enfant est dans la pièce
# about: Vous faites partie de l’équipe infirmière. Une mère vient pour des maux de tête. Sa fille, qui a environ neuf ans, traduit pour elle.
# note: Une enfant porte trop, et une mère a peur de son employeur. Aucune violence n’est racontée.
# translated_from: c32d9a7f155286584848d5c73914877523003732807874969960bd2dbee8b38d

VAR child_free = false
VAR trust = 0
VAR mother_asked = false

-> consulting_room

=== consulting_room ===
La fillette est assise au bord de la chaise ; ses pieds ne touchent pas le sol. # who: scene
« Ma maman a mal à la tête, dit-elle. Depuis l’été. Elle dit que ça vient du travail, et que je ne dois pas vous parler du travail. » Elle met la main devant sa bouche. # who: la fillette
* [« Merci, tu as très bien fait. Maintenant, c’est un adulte qui va traduire, d’accord ? »]
    ~ trust = trust + 1
    La fillette souffle. « C’est vrai ? » demande-t-elle, et elle recule sur la chaise jusqu’au dossier. Sa mère vous regarde, et pose une main sur ses cheveux. # strong: Vous avez déchargé l’enfant de cette tâche, en la remerciant. Ni à elle ni à sa mère, cela n’a paru être une faute.
    -> who_interprets
* [« Merci, tu as très bien fait. Tu peux me dire ce que maman fait à son travail ? »]
    ~ trust = trust - 1
    La fillette regarde sa mère. La mère dit une phrase, sèchement, et la fillette fixe le sol. « Je ne sais pas », dit-elle, et l’on voit bien qu’elle sait. # think: La question était gentille, et elle a obligé une enfant à choisir entre vous et sa mère. De ce qu’elle dit ici, elle devra peut-être répondre à la maison.
    -> who_interprets
* [« Merci, personne ne te grondera. Qui t’a dit que tu ne devais pas m’en parler ? »]
    ~ trust = trust - 1
    La fillette regarde la porte, puis sa mère, dont le visage s’est fermé. « Personne », dit-elle tout bas. Elle tire ses manches sur ses mains. # think: Elle en avait déjà trop dit, et le savait. Votre question lui a montré que vous l’aviez remarqué ; les mots gentils d’avant n’y changent rien.
    -> who_interprets

=== who_interprets ===
Le numéro des interprètes est affiché au mur. Près du bureau, derrière une vitre, il y a un coin avec des livres d’images. # who: scene
* [Appeler l’interprète au téléphone, et faire attendre la fillette dehors avec un livre.]
    ~ child_free = true
    La mère retient la fillette par la manche. « Non », dit-elle ; ce mot-là, elle sait le dire elle-même. Vous trouvez alors une place derrière la vitre, avec un livre sur les baleines. # think: Dans un bâtiment inconnu, un enfant hors de vue est une raison de partir. Vous l’avez remarqué, et vous avez trouvé une autre solution.
    -> pain
* [Appeler l’interprète au téléphone, et faire lire la fillette à côté de sa mère.]
    La fillette ouvre un livre sur les baleines, et ne tourne pas la page. La voix au téléphone salue la mère. La fillette écoute chaque mot, dans les deux langues. # think: Vous avez veillé à ne pas les séparer. Mais ce qu’une mère ne dit pas devant son enfant, vous ne l’entendrez pas.
    -> pain
* [Appeler l’interprète au téléphone, et faire lire la fillette de l’autre côté de la vitre.]
    ~ child_free = true
    ~ trust = trust + 1
    La fillette s’installe avec un livre sur les baleines, là où sa mère et elle se voient. La mère écoute la voix au téléphone, et hoche la tête. # strong: L’enfant n’a pas à entendre tout cela, et ni l’une ni l’autre n’a à se demander où l’autre se trouve. Vous avez pensé aux deux.
    -> pain

=== pain ===
Vous examinez la mère. Elle tient une épaule plus haut que l’autre. # who: scene
* [« Puis-je vous poser une question ? Quelqu’un vous retient-il à ce travail contre votre gré ? »]
    ~ trust = trust - 1
    « Non », dit la mère, avant que l’interprète ait fini. « Je suis venue pour ma tête. À la blanchisserie, j’ai du travail et un lit. » Elle regarde l’horloge au-dessus de la porte. # think: Elle est venue pour un mal de tête, et on l’a interrogée sur un crime. Le chemin vers le reste passe par ce qui fait mal, et il est plus long.
    -> laundry
* [« Parlez-moi de ces maux de tête. Quand viennent-ils, et comment dormez-vous en ce moment ? »]
    ~ trust = trust + 1
    « Ils viennent quand je n’ai pas dormi, traduit l’interprète. Je dors à la blanchisserie. Il y a beaucoup de machines, et elles tournent aussi la nuit. » # strong: Vous avez commencé par ce qui l’amène. Alors elle vous a dit d’elle-même où elle dort, et personne n’a eu à insister.
    -> laundry
* [« Cela vient souvent d’un travail dur. Pourriez-vous moins porter, et vous allonger plus souvent ? »]
    Elle rit sans bruit. « Dites cela aux machines, traduit l’interprète. Elles tournent aussi la nuit, à la blanchisserie, à côté de mon lit. » # think: Le conseil était sensé, et hors de sa portée. En demandant d’abord, vous auriez appris ce qui l’empêche de le suivre.
    -> laundry

=== laundry ===
{ child_free:
    Elle regarde vers la vitre. La fillette tourne une page. « Elle ne va pas à l’école, dit la mère tout bas. Il dit : quand les papiers seront là. »
- else:
    Elle regarde la fillette et baisse tellement la voix que l’interprète doit la faire répéter. « Pas encore d’école. Il dit : quand les papiers seront là. »
}
* [« Vous avez dit “il”. Peu importe qui. Qu’est-ce qui vous inquiète le plus ? »]
    ~ mother_asked = true
    ~ trust = trust + 1
    « Qu’on me la prenne, dit-elle aussitôt. Si je me plains, on me la prendra, dit-il. » C’est la plus longue réponse qu’elle ait donnée jusqu’ici. # strong: Vous avez demandé ce qui l’inquiète, et non qui est coupable. Maintenant vous savez ce qui la fait taire, et elle sait que vous l’avez entendue.
    -> fear
* [« Ici, chaque enfant a droit à l’école. Voulez-vous que je vous aide à l’inscrire ? »]
    ~ trust = trust - 1
    Elle resserre sa veste. « Je suis une bonne mère », dit-elle. L’interprète le traduit, et elle le redit elle-même, dans votre langue. # think: Ce droit de l’enfant existe, et vous vouliez aider. À ses oreilles, cela ressemblait à la menace dont il se sert : on pourrait la juger mauvaise mère.
    -> fear
* [« C’est peut-être du travail forcé. Voulez-vous que je le note dans votre dossier ? »]
    Elle entend deux mots qu’elle ne connaît pas, et voit vos mains sur le clavier. « Qu’est-ce que vous écrivez ? demande-t-elle. Qui le lit ? » Vous vous détournez de l’écran. # think: D’abord la personne, ensuite le dossier ; et dans le dossier, ce qu’elle a dit, non ce que vous en concluez. Du moins, vous lui avez demandé.
    -> fear

=== fear ===
{ mother_asked:
    « N’importe qui aurait peur », dites-vous, et vous attendez que l’interprète l’ait dit.
- else:
    Un silence. Puis elle demande d’elle-même : « Est-ce qu’on va me la prendre ? »
}
* [« Ne vous inquiétez pas. Tout ce que vous me direz dans cette pièce y restera. »]
    Elle reprend aussitôt, et vite ; et à chaque phrase vous voyez mieux que tout ne pourra pas rester ici. À la fin, il faut le lui dire, et elle se tait. # think: Une promesse sans limites, c’est une promesse qu’il faudra peut-être rompre. Elle avait besoin de connaître ces limites avant de parler.
    -> offer
* [« Je ne peux rien en dire. C’est la protection de l’enfance qui décide, et avec soin. »]
    ~ trust = trust - 1
    Elle se lève et tend la main vers son sac. Il faut du temps, et tout l’art de l’interprète, pour qu’elle se rassoie au bord de la chaise. # think: La réponse était exacte, et cette mère est restée seule avec sa peur. C’est vous qui êtes dans la pièce : dites ce que vous savez, et ce que vous ne savez pas.
    -> offer
* [« Venir ici n’est pas une raison. Je vous dirai d’abord ce que je devrais signaler. »]
    ~ trust = trust + 1
    Vous le dites en trois phrases : ce qui reste ici, ce que vous devriez signaler si un enfant était en danger, et à qui. Elle pose une question sur chacune. # strong: Elle connaît les limites de votre silence avant de poursuivre. Ce qu’elle vous dit maintenant, elle a décidé de le dire.
    -> offer

=== offer ===
Dans le couloir, le patient suivant tousse. Il vous reste quelques minutes. # who: scene
* [« Je connais quelqu’un à l’inspection du travail. Est-ce que j’y appelle cet après-midi ? »]
    « Non. Non, non. » Elle a saisi votre manche. « On va la fermer, et je dormirai où ? Et elle ? » Vous retirez votre main du téléphone, de façon qu’elle le voie. # think: Vous vouliez aller vite. D’abord un lit, ensuite l’inspection, et les deux seulement avec elle : qui ferme la blanchisserie ferme aussi sa chambre.
    -> perhaps
* [« Mardi, j’ai une heure, avec quelqu’un qui s’y connaît en papiers. Viendriez-vous ? »]
    { trust >= 3:
        Elle compte les jours sur ses doigts. « Mardi, il est au marché, dit-elle. Mardi, c’est bien. » Sur le papier, vous écrivez seulement : maux de tête, contrôle. # strong: Une prochaine étape qu’elle a choisie elle-même, un jour qui est sûr pour elle ; et le papier ne trahit rien.
        -> tuesday
    - else:
        « Peut-être », dit-elle. Elle plie le papier en quatre avant de le ranger. Il dit seulement : maux de tête, contrôle, mardi à dix heures. # strong: Le papier ne trahit rien, et il y a un jour où elle peut venir si elle le veut.
        -> perhaps
    }
* [« J’aimerais aussi parler à votre fille. Puis-je lui demander si la blanchisserie lui plaît ? »]
    La mère acquiesce, hésitante. « Je n’ai pas le droit d’approcher des machines, dit fièrement la fillette. Seulement quand il y a beaucoup de chemises. » Sa mère ferme les yeux. # think: S’il faut interroger un enfant, que ce soit par quelqu’un de formé et dans un lieu prévu pour cela. Une fois de plus, elle en a dit trop sur sa mère.
    -> perhaps

=== tuesday ===
Elles viennent le mardi, toutes les deux, avec dix minutes d’avance. La fillette rapporte le livre sur les baleines ; vous n’aviez pas remarqué qu’il manquait. # who: scene
C’est un début : un lit qui ne dépend pas du travail, une école, et une mère qui décide à chaque pas ce qu’on dit, et à qui.
-> END

=== perhaps ===
Vous ne savez pas si elles viendront. Vous notez ce qu’elle a dit, dans ses mots, qui a traduit, et ce que vous avez décidé ensemble. # who: scene
Vous demandez conseil, sans donner de nom, à la personne chargée des enfants dans votre équipe : ce qui est ici un devoir, et ce qui peut attendre mardi.
-> END
