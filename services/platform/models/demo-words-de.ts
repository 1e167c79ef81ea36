import type { DemoWords } from './demo-words.ts';

export const german: DemoWords = {
  and: 'und',
  somebody: [
    'eine kleine Messinglampe',
    'ein Igel mit Laterne',
    'eine alte Hafenglocke',
    'eine sehr langsame Schnecke',
  ],
  somewhere: ['der Hügel hinter den Häusern', 'der stille Hafen', 'der Garten mit dem schiefen Tor'],
  child: 'ein Kind',
  interlude:
    'Unterwegs setzten sie sich ein wenig hin. {reader} legte ein Ohr auf den Boden, und der Boden brummte, tief und zufrieden, wie er es tut, wenn alle Wurzeln schlafen. „Noch ein Atemzug“, sagten sie, „und dann noch einer.“\n\nIrgendwo wurde ein Fenster zugemacht, ganz leise. Irgendwo ging ein Licht aus. Es war gut zu wissen, dass alle zu Hause waren.',
  about: 'Alles hatte damit zu tun: {idea}.',
  tales: [
    {
      title: '{who} und der fehlende Stern',
      parts: [
        'Der Abend kam, und der Himmel wurde blau. Hier war es: {place}. Die Sterne wurden gezählt, wie jeden Abend. Eins, zwei, drei, vier, und da war Schluss. „Gestern waren es fünf“, sagte jemand leise. Das war: {who}.\n\nGleich daneben saß {reader} und schaute auch hinauf. Es roch nach nassem Gras und ein wenig nach Toast. {about}',
        'Also gingen sie suchen, ganz sacht, auf den Außenkanten der Füße. Unter der Bank: ein Blatt. Hinter dem Fass: ein müder Käfer, der sagte: „Hier nicht, hier nicht.“ Im Brunnen: der Brunnen schaute zurück.\n\n„Eins, zwei, drei, vier“, flüsterte {reader}. „Und wer ist fünf?“',
        'Da holte der Wind Luft, und die kleinste Wolke rückte eine Handbreit weiter. Dahinter leuchtete, ein wenig verlegen, der fünfte Stern. „Ich hatte nur die Decke über den Ohren“, sagte er.\n\nAlle lachten, aber so leise, dass niemand aufwachte.',
        'Sie gingen heim, wie sie gekommen waren: am Brunnen vorbei, am Fass vorbei, an der Bank vorbei. Eins, zwei, drei, vier, fünf, sagten die Schritte.\n\nUnd als {reader} lag und beide Augen zumachte, waren alle fünf noch da. Gute Nacht.',
      ],
      summary: 'Ein Stern fehlt; {who} und {reader} suchen ihn und finden ihn hinter einer Wolke.',
      moral: 'Was fehlt, liegt manchmal nur warm unter seiner Decke.',
      pictureAlt: 'Fünf Sterne über einem stillen Ort, darunter: {who}.',
      picturePrompt: '{who} looking up at five stars, {place}, calm evening, deep blue sky, warm lantern light',
    },
    {
      title: 'Der Abend, an dem ein Gähnen verloren ging',
      parts: [
        'Es war Schlafenszeit. Hier war es: {place}. Nur das Gähnen war nicht zu finden. Eben war es noch da gewesen, groß und rund. {about}\n\n„Ohne Gähnen kann niemand anfangen zu schlafen“, so klagte: {who}. „Ich helfe dir suchen“, sagte {reader}.',
        'Sie fragten die Katze. Die gähnte, aber das war ihr eigenes. Sie fragten den Kessel. Der machte hu, das war nah dran, aber nicht ganz. Sie fragten den Mond, der machte den Mund auf, und heraus kam nur Licht.\n\n„Hu“, sagte {reader}, um es auszuprobieren. „Ha“, kam es zurück. „Hu, ha.“',
        'Und da, zwischen dem Hu und dem Ha, saß das Gähnen. Es war jetzt klein und ein bisschen schüchtern. Es hüpfte von einem zum anderen und zuletzt zur Lampe auf dem Fensterbrett, die flackerte.\n\nHu. Ha. Bald gähnten alle, langsam, wie ein Boot auf stillem Wasser. Und dann sagte niemand mehr etwas. Gute Nacht.',
      ],
      summary: 'Ein Gähnen ist verloren gegangen; {reader} hilft suchen. Dabei: {who}.',
      moral: 'Zu zweit kommt die Ruhe leichter.',
      pictureAlt: 'Ein großes Gähnen im Mondlicht; dabei: {who}.',
      picturePrompt: '{who} yawning, {place}, full moon, soft warm light from a window, evening',
    },
  ],
};
