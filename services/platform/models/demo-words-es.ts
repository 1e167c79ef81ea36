import type { DemoWords } from './demo-words.ts';

export const spanish: DemoWords = {
  and: 'y',
  somebody: ['una lamparita de latón', 'un erizo con farol', 'una vieja campana del puerto', 'un caracol muy lento'],
  somewhere: ['la colina detrás de las casas', 'el puerto tranquilo', 'el jardín de la puerta torcida'],
  child: 'alguien pequeño',
  interlude:
    'Por el camino se sentaron un rato. {reader} puso una oreja en el suelo, y el suelo zumbaba, grave y contento, como hace cuando todas las raíces duermen. «Una respiración más», dijeron, «y luego otra».\n\nEn algún lugar se cerró una ventana, muy despacio. En algún lugar se apagó una luz. Daba gusto saber que todos estaban en casa.',
  about: 'Todo tenía que ver con esto: {idea}.',
  tales: [
    {
      title: '{who} y la estrella que faltaba',
      parts: [
        'Cuando el cielo sobre {place} se puso azul, llegó la hora de contar las estrellas, como cada noche. Una, dos, tres, cuatro, y ya no había más. «Ayer eran cinco», se oyó decir muy bajito a {who}.\n\n{reader} también miraba hacia arriba. Olía a hierba mojada y un poco a pan tostado. {about}',
        'Así que fueron a buscarla, sin hacer ruido. Debajo del banco: una hoja. Detrás del barril: un escarabajo con sueño, que dijo: «Aquí no, aquí no». Dentro del pozo: el pozo les devolvió la mirada.\n\n«Una, dos, tres, cuatro», susurró {reader}. «¿Y quién es la cinco?»',
        'Entonces el viento tomó aire, y la nube más pequeña se apartó un palmo. Detrás brillaba, con algo de vergüenza, la quinta estrella. «Solo tenía la manta sobre las orejas», dijo.\n\nSe rieron todos, pero tan bajito que nadie se despertó.',
        'Volvieron a casa por donde habían venido: junto al pozo, junto al barril, junto al banco. Una, dos, tres, cuatro, cinco, decían los pasos.\n\nY cuando {reader} se acostó y cerró los dos ojos, las cinco seguían allí. Buenas noches.',
      ],
      summary: 'Falta una estrella; {who} y {reader} la buscan y la encuentran detrás de una nube.',
      moral: 'Lo que falta a veces solo está calentito bajo su manta.',
      pictureAlt: '{who} mira cinco estrellas sobre {place}.',
      picturePrompt: '{who} looking up at five stars, {place}, calm evening, deep blue sky, warm lantern light',
    },
    {
      title: 'La noche en que se perdió un bostezo',
      parts: [
        'Era hora de dormir en {place}, y el bostezo no aparecía. Hacía un momento estaba allí, grande y redondo. {about}\n\n«Sin bostezo no se puede empezar a dormir», decía {who}. «Te ayudo a buscarlo», dijo {reader}.',
        'Preguntaron al gato. El gato bostezó, pero aquel bostezo era suyo. Preguntaron a la tetera. Hizo uuu, que se parecía, pero no era. Preguntaron a la luna, y la luna abrió la boca, y solo salió luz.\n\n«Uuu», probó {reader}. «Aaa», le respondieron. «Uuu, aaa».',
        'Y allí, entre el uuu y el aaa, estaba el bostezo. Ahora era pequeño y un poco tímido. Saltó de uno a otro y por último a la lámpara de la ventana, que parpadeó.\n\nUuu. Aaa. Pronto bostezaban todos, despacio, como una barca en agua tranquila. Y después nadie dijo nada más. Buenas noches.',
      ],
      summary: '{who} no puede dormir sin su bostezo; {reader} ayuda a encontrarlo.',
      moral: 'Entre dos, el descanso llega antes.',
      pictureAlt: 'Un gran bostezo a la luz de la luna, con {who}.',
      picturePrompt: '{who} yawning, {place}, full moon, soft warm light from a window, evening',
    },
  ],
};
