# title: Au foyer : l’accueil, et un consentement retiré
# about: Vous travaillez dans un foyer. Un jeune homme y est arrivé hier. Aujourd’hui, vous voulez parler de son plan, et des personnes à qui vous pouvez en faire part.
# note: Il a perdu sa paie et ses papiers, et il se méfie des bureaux. Aucune violence n’est racontée.
# translated_from: 3033380c4bba51e1e64905359471c0863b49241c259cd66281547879d1686c28

VAR shared_clinic = false
VAR trust = 0

-> morning

=== morning ===
Il est debout dans la cuisine et lave une tasse déjà propre. # who: scene
* [« Bonjour. J’ai besoin de vous au bureau pour les formulaires, dix minutes au plus. »]
    Il vient aussitôt. Dans le bureau, il s’assied près de la porte, au bord de la chaise, la veste sur le dos. « Dix minutes », dit-il, comme pour vous le rappeler. # think: L’horaire était le vôtre. Une heure plus tard, ou sur le banc dehors, cela n’aurait rien coûté, et il aurait eu son mot à dire.
    -> forms
* [« Bonjour. J’aimerais parler de votre plan. Quand et où cela vous conviendrait-il ? »]
    ~ trust = trust + 1
    Il réfléchit plus longtemps que vous ne l’attendiez. « Maintenant, ça va, dit-il. Mais pas au bureau. » Vous prenez le banc derrière la maison, d’où l’on voit le portail. # strong: Il a choisi quand et où. C’est la première chose qu’il décide depuis son arrivée.
    -> forms
* [« Bonjour. Comment allez-vous ? Vous pouvez tout me dire, quoi que ce soit. »]
    « Bien », dit-il, et il rouvre le robinet. Vous attendez. Quand vous finissez par lui demander de venir, il s’essuie longuement les mains, un doigt après l’autre. # think: La question était chaleureuse, et trop large. Pour commencer, à quelqu’un qui se méfie des bureaux, il faut une petite question à laquelle il peut répondre.
    -> forms

=== forms ===
Vous avez avec vous les questions de l’accueil : quatre pages. # who: scene
* [« Comment êtes-vous arrivé chez cet employeur ? Racontez depuis le début, avec vos mots. »]
    ~ trust = trust - 1
    « Je l’ai raconté à la police, dit-il. Et au médecin. Et à une femme en veste rouge. » Il les compte sur ses doigts, et laisse le quatrième levé. # think: Il l’a raconté trois fois. Avec son consentement, demandez à ceux qui le savent déjà, et épargnez-lui la quatrième.
    -> before
* [« Cela fait quatre pages. Passons-les vite ensemble, et ce sera fait une fois pour toutes. »]
    À la page deux, il commence à répondre « je ne sais pas » à tout, même à son âge. Vous arrivez au bout, en onze minutes, et les pages en sont pleines. # think: Il a cessé de répondre bien avant que vous cessiez de demander. Ce qui était rapide pour vous était trop pour lui.
    -> before
* [« Trois questions suffisent pour aujourd’hui : repas, médicaments, et qui appeler au besoin. »]
    ~ trust = trust + 1
    Sur les deux premières, il dit peu de chose. « Personne », répond-il à la dernière. Et après un moment : « Ma tante. Mais seulement si je suis mort. » Vous écrivez exactement cela. # strong: Vous avez demandé ce qu’il faut pour aujourd’hui, et rien de plus. Cela a laissé la place à une réponse qui comptait pour lui.
    -> before

=== before ===
Il demande : « Qui lit ce que vous écrivez là ? » # who: le jeune homme
* [« Tout est confidentiel, bien sûr. Personne d’autre n’en verra jamais rien. »]
    « C’est ce qu’ils disent tous », répond-il, sans même de colère. Dès lors, il surveille votre stylo, comme s’il pouvait écrire quelque chose tout seul. # think: « Confidentiel » n’explique rien, et « jamais personne », vous ne pouvez pas le tenir. Qui le lit, pourquoi, combien de temps : cela fait trois phrases.
    -> lawyer
* [« Moi, et ma collègue de nuit lit la page santé. Voulez-vous voir ce que j’écris ? »]
    ~ trust = trust + 1
    Vous tournez l’écran vers lui. Il lit lentement, en suivant du doigt. « Ce n’est pas juste, dit-il. J’ai dit soudeur, pas ouvrier. » Vous le changez, et il relit. # strong: Il a appris qui lit quoi, et il a vu son propre dossier. Celui-ci est aussi plus exact qu’avant.
    -> lawyer
* [« Seulement des gens qui veulent vous aider : notre équipe, et nos partenaires habituels. »]
    « Des partenaires, répète-t-il. Mon patron aussi avait des partenaires. » Il hoche poliment la tête, et dès lors il pèse chaque mot avant de le dire. # think: « Nos partenaires », ce n’est personne en particulier. Il a demandé qui, et il aurait dû l’entendre : quelle personne, quelle page, et dans quel but.
    -> lawyer

=== lawyer ===
Une avocate pourrait réclamer ses salaires. Il lui faudrait son nom, celui de l’entreprise, et la durée de son travail là-bas. # who: scene
* [« Elle obtient leur argent à presque tous. Si vous signez ici, je l’envoie aujourd’hui. »]
    Il signe. Il signe tout ce qu’on met devant lui ; à l’entreprise aussi, il l’a fait. « C’est tout ? » demande-t-il, déjà debout. # think: Une signature n’est pas un consentement. Il n’a pas entendu qu’il pouvait dire non, et « presque tous » l’a un peu poussé.
    -> clinic
* [« Pour vos salaires, il lui faut ces trois choses. Je les envoie, ou plutôt pas ? »]
    ~ trust = trust + 1
    Il vous fait répéter : le nom, l’entreprise, les dates. « Et elle ne vient pas ici ? » « Non. Et si vous dites non, rien ne change ici. » « Alors oui », dit-il. # strong: À qui, quoi, et dans quel but ; et un non ne lui coûte rien. C’est pour cela que son oui vaut quelque chose.
    -> clinic
* [« Elle est tenue au secret. Puis-je envoyer tout le dossier, pour vous éviter de répéter ? »]
    ~ trust = trust - 1
    Il hausse les épaules, et vous l’envoyez : quarante pages, avec la tante, et avec ce que le médecin a écrit. Après coup seulement, il demande : « Tout ? » # think: Vous vouliez l’épargner. Mais il fallait trois choses à l’avocate, et elle a reçu quarante pages ; le secret n’excuse pas d’en envoyer trop, et un haussement d’épaules n’est pas un oui.
    -> clinic

=== clinic ===
Sa main est brûlée, une blessure ancienne qui n’a pas guéri. La clinique a un rendez-vous libre. # who: scene
* [« Voulez-vous appeler vous-même, ou bien moi ? Je peux rester à côté de vous. »]
    ~ trust = trust + 1
    Il appelle lui-même ; vous composez seulement le numéro. Il donne son prénom et le mot « main », et dit merci deux fois. Puis il regarde le combiné comme s’il avait rapetissé. # strong: Ce qu’il pouvait faire lui-même, il l’a fait. La clinique sait ce qu’il lui a dit, et rien de plus.
    -> later
* [« J’ai déjà appelé pour vous. On peut vous recevoir demain à neuf heures, cela va ? »]
    ~ shared_clinic = true
    « Ah, dit-il. Demain à neuf heures. » Il y va, et il est à l’heure. Seulement, de toute la semaine, il ne vous demande plus rien, pas même du savon. # think: C’était la bonne clinique, et une bonne heure. Mais la décision était la vôtre, et personne ne lui avait demandé ce qu’on peut y dire.
    -> later
* [« J’appelle et j’explique tout, pour que vous n’ayez pas à en parler. »]
    ~ shared_clinic = true
    Vous expliquez : la main, l’atelier, les semaines sans médecin. Assis à côté de vous, il saisit un mot par-ci par-là. À « atelier », il lève les yeux. # think: Vous lui avez épargné un appel difficile, et vous avez dit plus qu’il n’en faut pour une main. Avec vous à côté, il y serait peut-être arrivé en une phrase.
    -> later

=== later ===
Trois semaines plus tard, il se tient dans l’embrasure de votre porte. # who: scene
« Je ne veux plus de l’avocate, dit-il. Dites-lui d’arrêter. Mon cousin dit que le patron demande partout qui s’est plaint. » # who: le jeune homme
* [« Vous faites bien de le dire. J’arrête tout, et nous parlons de votre sécurité. »]
    ~ trust = trust + 1
    Vous le faites à l’écran, et il regarde : consentement retiré, aujourd’hui, dix heures onze ; l’avocate est priée d’effacer ce qu’elle a. Il le lit deux fois. # strong: Le retirer a été aussi facile que de le donner, et l’effet a été immédiat. Alors seulement vous avez parlé de la suite.
    -> safety
* [« Je comprends. Mais l’argent vient dans deux mois : attendriez-vous une semaine ? »]
    ~ trust = trust - 1
    « J’y ai réfléchi », dit-il. Vous finissez par le faire. Cela vous prend jusqu’à midi, et tout ce temps il attend dans le couloir, debout. # think: Vous avez discuté une décision qui était la sienne et qui vaut dès le jour même. La prochaine, il ne vous la dira peut-être pas.
    -> safety
* [« Je comprends. Mais la demande fait partie de votre plan ici : en parlons-nous d’abord ? »]
    ~ trust = trust - 2
    Il entend que le lit dépend de la demande, et va faire son sac. Votre collègue court après lui pour dire que ce n’est pas vrai. Vous retirez le consentement avant son retour. # think: Le plan et la demande, dits d’un même souffle, sont devenus une condition. Une aide qui dépend d’un oui ôte toute valeur à chaque oui.
    -> safety

=== safety ===
L’avocate répond le jour même : effacé, et elle le regrette. Il pourra revenir dans le délai, écrit-elle, sans rien avoir à réexpliquer. # who: scene
{ shared_clinic: « Et la clinique ? demande-t-il. Est-ce qu’ils savent où j’habite ? » Vous vérifiez ensemble : son nom et sa main, mais pas la maison. | « Et la clinique ? » demande-t-il, et il répond lui-même : « Ils savent ce que je leur ai dit. Mon prénom, et ma main. » }
* [« Il faudrait en parler à la police. Alors il arrêterait, pour vous et pour d’autres. »]
    Vous avez déjà le combiné en main quand vous lui demandez tout de même. « Non, dit-il. Je veux d’abord être loin d’ici. » Vous le reposez. # think: Un signalement dont il ne veut pas peut le mettre en danger. Demandez d’abord ce qu’il craint, et ce qui rendrait un signalement sûr pour lui.
    -> evening
* [« Cette ville n’est plus sûre pour vous. Je vous trouve une place ailleurs d’ici ce soir. »]
    « Encore ? » demande-t-il. Il sait maintenant quel chien de la rue aboie et lequel mord. « Qui dit que je veux partir ? » À cela, vous n’avez pas de réponse. # think: Partir est peut-être même la bonne solution. Mais vous l’avez décidé pour lui, avant de savoir ce qu’il craint et ce qui suffirait.
    -> evening
* [« Que craignez-vous de lui ? Et qu’est-ce qui vous aiderait à dormir cette nuit ? »]
    { trust >= 3:
        Il réfléchit. « Un autre chemin jusqu’au bus, dit-il. Et qu’au portail personne ne dise que je suis ici. » Les deux sont possibles avant ce soir, et vous les faites ensemble. # strong: Il a dit lui-même ce qui le met en sécurité. C’était moins que vous ne le craigniez, et c’était ce qu’il lui fallait.
        -> evening
    - else:
        « Je ne sais pas, dit-il. Je vous le dirai. » Il reste dans l’embrasure un instant de plus qu’il ne faudrait, la main sur le montant. # strong: Vous avez demandé, sans insister. La porte est ouverte, et il l’a vu.
        -> evening
    }

=== evening ===
Le soir, il répare le portail. Il grinçait depuis des années. # who: scene
Le dossier est ouvert ; le plan est plus court, et c’est le sien. La demande de salaires attend, et l’avocate aussi. Dans le dossier, il y a un consentement de moins, et à côté, la minute où il a pris fin.
-> END
