# title: À la frontière : une première rencontre
# about: Vous travaillez à un poste-frontière. On a demandé à une jeune femme d’attendre. Vous disposez d’un quart d’heure avec elle.
# note: Elle est fatiguée, et elle a peur de l’homme qui voyage avec elle. Aucune violence n’est racontée.
# translated_from: cc56c1ee062017ff459e919f770e3ab046e1770f820e7f3fbb9769124ecb79e2

VAR at_ease = 0
VAR safe_asked = false
VAR knows_rights = false

-> room

=== room ===
Une petite pièce à côté du hall. Une jeune femme est assise à la table, un sac sur les genoux ; d’après son passeport, elle a vingt-quatre ans. Un homme se tient debout près d’elle et vous sourit. # who: scene
« C’est ma cousine, dit-il. Elle ne parle pas votre langue. Je répondrai pour elle. » # who: l’homme
* [« Merci. Alors demandez à votre cousine, pour moi, si elle voyage bien de son plein gré. »]
    ~ at_ease = at_ease - 1
    Il lui dit quelques mots. Elle hoche la tête sans lever les yeux. « Elle dit oui », vous répond-il. Plus tard, un collègue appelle l’homme au guichet pour les papiers, et vous restez en tête à tête avec elle. # think: Avec lui à côté d’elle, elle ne pouvait que hocher la tête. Ce que vous avez demandé par lui, il le sait maintenant, et ce soir elle devra peut-être s’en expliquer.
    -> interpreter
* [« Merci. Ici, nous voyons chaque personne seule quelques minutes. Asseyez-vous dans le hall. »]
    Il la regarde, puis vous regarde. Vous tenez la porte ouverte, comme vous l’avez fait toute la matinée. Il sort, et elle se referme derrière lui. Les mains de la jeune femme se desserrent un peu sur le sac. # strong: Vous lui avez parlé sans témoin, selon une règle qui vaut pour tout le monde. Il n’a aucune raison de penser que cela vient d’elle.
    -> interpreter
* [« Merci, cela m’aide. Pourriez-vous d’abord me dire où vous allez aujourd’hui, tous les deux ? »]
    Il répond vite et bien : la ville, le travail, le retour. Elle regarde le sol. Plus tard, un collègue appelle l’homme au guichet pour les papiers, et vous restez en tête à tête avec elle. # think: Les premières minutes, c’est lui qui les a eues. Tant qu’il était dans la pièce, elle ne pouvait rien dire qu’il ne devait pas entendre.
    -> interpreter

=== interpreter ===
Vous essayez quelques mots dans deux langues. Elle comprend « eau » et « autocar », et presque rien d’autre. # who: scene
* [Demander au chauffeur de son autocar d’interpréter, puisqu’il parle bien sa langue.]
    Le chauffeur entre, aimable, sa casquette à la main. Elle se tait aussitôt et regarde la porte. Vous le voyez, vous remerciez le chauffeur, et vous appelez finalement la ligne d’interprètes. # think: Quiconque a fait le voyage connaît peut-être l’homme, ou le craint. Parler sa langue ne suffit pas : il faut une voix sans attaches.
    -> opening
* [Utiliser l’application de traduction de votre téléphone, sans qu’une troisième personne écoute.]
    Cela marche pour « eau » et « toilettes ». Quand vous voulez lui dire qu’elle peut refuser, la phrase sort de travers, et elle fronce les sourcils devant l’écran. Vous appelez la ligne d’interprètes. # think: Pour de l’eau, une application suffit. Pour ce que la jeune femme peut refuser, elle ne suffit pas, et l’erreur, ni elle ni vous ne la verriez.
    -> opening
* [Appeler la ligne d’interprètes, et attendre qu’une femme soit libre pour interpréter.]
    ~ at_ease = at_ease + 1
    Cela prend quatre minutes. Puis une voix de femme, dans une ville lointaine, la salue dans sa langue. Vous demandez à la jeune femme si cette voix lui convient. Ses épaules se relâchent un peu. # strong: Vous avez fait venir une interprète sans lien avec ceux qui font le voyage, et vous avez demandé à la jeune femme si elle lui convenait.
    -> opening

=== opening ===
Son regard va du haut-parleur à votre uniforme, et elle attend que vous commenciez. # who: scene
* [« Avant toute chose : êtes-vous en danger en ce moment, et avez-vous besoin de quelque chose ? »]
    ~ safe_asked = true
    ~ at_ease = at_ease + 1
    Elle réfléchit. « Ici ? Non, dit-elle. Ici, c’est calme. Mais je n’ai rien mangé depuis hier. » Vous faites apporter du pain et du thé avant de dire quoi que ce soit d’autre. # strong: La sécurité et les besoins sont passés avant toute question sur elle. Elle a vu qu’une réponse mène à quelque chose, et ne lui coûte rien.
    -> explain
* [« Commençons par quelque chose de simple : comment vous appelez-vous, et où habitez-vous donc ? »]
    ~ at_ease = at_ease - 1
    « Tout est dans le passeport », dit-elle, et plus rien ensuite. Vous recopiez ce que vous pouvez y lire. Le silence est tel qu’on entend le stylo. # think: Ce qui est simple pour vous ne l’est pas pour elle. Son nom et son adresse permettent de la retrouver, et elle ne savait pas encore qui les demandait.
    -> explain
* [« J’ai rencontré beaucoup de femmes comme vous : est-ce qu’on vous a forcée à partir avec lui ? »]
    ~ at_ease = at_ease - 2
    « Non, dit-elle très vite. Non, non. C’est mon cousin. » Elle serre le sac contre elle. Même l’interprète se tait un instant avant de continuer. # think: La question la plus dure est venue la première, et la réponse y était déjà. Elle ne pouvait pas encore savoir à quoi un oui la mènerait.
    -> explain

=== explain ===
Dehors, quelqu’un rit. Elle tourne la tête vers la fenêtre, puis de nouveau vers vous. # who: scene
* [« Faites-moi confiance. Dites-moi tout, et je veillerai à ce qu’il ne vous arrive rien. »]
    Elle vous regarde longuement. « Tout ? » demande-t-elle. Elle le dit poliment, comme quelqu’un qui a déjà entendu une telle phrase, dans une autre pièce. # think: L’intention était bonne, mais vous ne pouvez pas tenir une telle promesse. L’homme aussi en a fait ; elle sait comment elles sonnent.
    -> hear_it
* [« Nous avons le temps. Je ne demanderai rien tant que vous n’aurez pas envie de parler. »]
    Le silence est long. Il n’est pas hostile, mais elle ne sait pas à quoi sert cette pièce. Elle compte les chaises, et regarde l’horloge au-dessus de la porte. # think: La patience est une bonne chose. Mais personne ne lui avait dit ce qu’est cet entretien, ni ce qui s’ensuit : elle n’avait donc rien entre quoi choisir.
    -> hear_it
* [« On ne vous accuse de rien. Vous pouvez passer une question, et arrêter quand vous voulez. »]
    ~ knows_rights = true
    ~ at_ease = at_ease + 1
    Elle fait répéter les derniers mots à l’interprète, comme pour voir s’ils tiennent. Puis elle vous regarde pour la première fois. « Et lui ? demande-t-elle. Est-ce qu’il l’entendra ? » # strong: Elle a appris ce qu’est cet entretien, et qu’elle peut y dire non. C’est seulement alors qu’elle a pu choisir quoi vous dire.
    -> hear_it

=== hear_it ===
{ knows_rights:
    « Pas par moi, dites-vous. Cela reste entre nous trois. Je ne devrais le transmettre que si la vie de quelqu’un ou un enfant était en danger, et je vous le dirais d’abord. »
- else:
    « Qui entend cela ? » demande-t-elle enfin. Vous le dites tard, mais vous le dites : vous trois. D’autres seulement si elle est d’accord, ou si la vie de quelqu’un ou un enfant était en danger.
}
Elle pose le sac par terre. # who: scene
« Il dit que je lui dois de l’argent, dit-elle. Pour le voyage. Je peux le rembourser en travaillant chez des amis à lui, dit-il. Ces amis, je ne les connais pas. » # who: la jeune femme
* [« Qui sont ces amis ? Si j’ai un nom ou un numéro, je peux vous aider. »]
    ~ at_ease = at_ease - 1
    « Je ne sais pas », dit-elle, et encore une fois : « Je ne sais pas. » Elle semble repasser tout ce qu’elle a dit jusque-là. Puis elle reprend le sac sur ses genoux. # think: Vous avez demandé ce qu’il faut à une enquête. Pour une première rencontre, il suffit qu’il y ait un signe ; sa confiance valait plus qu’un nom.
    -> offer
* [« Cela fait beaucoup à porter. Qu’aimeriez-vous, vous, qu’il se passe maintenant ? »]
    ~ at_ease = at_ease + 1
    « Je veux téléphoner à ma sœur, dit-elle après un moment. Et je ne veux pas remonter dans cet autocar. » Elle paraît surprise de s’entendre le dire. # strong: Vous lui avez demandé ce qu’elle veut, et elle le savait. La suite, quelle qu’elle soit, peut commencer là, et non par ce que d’autres croient bon.
    -> offer
* [« Ce qu’il vous fait porte un nom. Vous êtes victime d’une servitude pour dettes. »]
    Elle secoue la tête avant que l’interprète ait fini. « Moi, non, dit-elle. Je suis venue de moi-même. J’ai dit oui. » Et elle regarde la porte. # think: Le mot est peut-être juste, mais ce n’est pas à vous de le donner, et pas maintenant. Un signe n’est pas encore un constat, et elle a entendu un verdict.
    -> offer

=== offer ===
L’heure approche. Dehors, le chauffeur met le moteur en marche. # who: scene
* [« Je vais prévenir la police maintenant. Les agents sont gentils, et ils sauront quoi faire. »]
    Ses mains se referment sur le sac. « Vous aviez dit… » commence-t-elle, et elle ne finit pas la phrase. Vous reposez le combiné, mais elle l’a vu dans votre main. # think: Elle a appris le signalement quand tout était déjà décidé. Si vous avez le devoir de signaler, dites-le-lui avant qu’elle parle ; si vous ne l’avez pas, demandez-lui.
    -> card
* [« C’est à vous de décider. Partir ou rester : je respecterai votre choix, quel qu’il soit. »]
    Elle se lève lentement. « Et où est-ce que je resterais ? » demande-t-elle. Comme vous ne répondez pas tout de suite, elle répond elle-même d’un haussement d’épaules, et prend son manteau. # think: Vous avez respecté son choix, et c’est bien. Mais personne ne peut choisir une porte qu’on ne lui a pas montrée : pour choisir librement, il faut une offre.
    -> card
* [« Il y a une maison, et un lit pour cette nuit. J’y demande, sans donner votre nom ? »]
    { at_ease >= 2:
        « Oui, dit-elle. Mais pas avec lui dehors. » Ensemble, vous trouvez ce qu’on lui dira : que les papiers prennent jusqu’à demain, comme pour beaucoup d’autres. # strong: Elle a accepté une seule chose, dans un seul lieu, et sait ce qui y sera dit. Ce que l’homme entend ne la met pas en danger.
        -> good_end
    - else:
        « Je ne sais pas, dit-elle. Puis-je réfléchir ? » Vous dites que oui, et que demain aussi quelqu’un ouvrira la porte là-bas. Dehors, le chauffeur klaxonne. # strong: Vous avez offert une petite chose, dit ce qui y serait transmis, et laissé à la jeune femme le temps d’y penser.
        -> card
    }

=== card ===
Vous écrivez un numéro au dos d’un billet d’autocar. Cela n’a l’air de rien. « Jour et nuit, dans votre langue, dites-vous. On n’y demande pas de nom. » # who: scene
{ safe_asked: « Vous m’avez demandé si j’étais en danger, dit-elle. Personne ne me l’avait demandé. » | « Pourquoi me donnez-vous cela ? » demande-t-elle. « Pour que vous l’ayez, dites-vous. L’utiliser ou non, c’est à vous de voir. » }
* [Lui donner aussi la brochure sur la traite, au cas où elle voudrait en lire plus.]
    Elle lit la première ligne de la brochure, la rend et garde le billet. Elle sait mieux que vous qui fouille son sac la nuit. # think: La brochure devait l’informer. Mais un seul mot dessus peut la trahir ; un billet d’autocar ne dit rien à personne.
    -> small_end
* [Lui donner le billet seul, et lui dire qu’elle peut toujours revenir ici.]
    Elle lit le numéro jusqu’à le savoir par cœur ; ses lèvres bougent. Puis elle glisse tout de même le billet dans sa chaussure. # strong: La porte reste ouverte, et ce qu’elle porte ne dit rien à qui fouille ses affaires.
    -> small_end
* [Lui demander aussi son numéro, pour pouvoir l’appeler demain matin.]
    Elle hésite, puis elle vous le dit. « Mais c’est lui qui répond », dit-elle. Vous barrez le numéro, de façon qu’elle le voie. # think: Vous vouliez garder le contact. Mais un appel peut lui nuire : demandez d’abord quel numéro, à quelle heure, et qui vous devez dire que vous êtes.
    -> small_end

=== good_end ===
Elle est assise à la fenêtre d’une autre pièce, avec un thé et un téléphone. Sa sœur parle si fort que vous l’entendez à travers la porte. # who: scene
Vous savez peu de choses d’elle : ni adresse, ni récit, pas même le nom de sa ville. Vous savez ce qu’elle veut. Pour aujourd’hui, c’était assez.
-> END

=== small_end ===
Elle part. Vous ne savez pas comment cela finira ; dans ce travail, on le sait rarement. # who: scene
Quelqu’un lui a parlé sans témoin, dans sa langue, et lui a donné un numéro sur lequel elle peut compter. On revient vers un tel numéro, parfois après des mois.
-> END
