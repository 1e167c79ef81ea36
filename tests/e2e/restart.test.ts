import { it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import { atBothSizes } from './stage.ts';

atBothSizes('an answer under way while Lamplight is ended', (stage) => {
  it('is made to its end, to the character, after every process was killed and started again', async () => {
    const answer = stage.place.answers.hold();
    const chat = await stage.guest();
    await chat.sendHeld(answer);
    const killed = stage.place.kill();
    await chat.page.getByText('Reconnecting — nothing is lost').waitFor();
    await killed;
    const asked = () => stage.place.model.calls().filter(({ text }) => text === answer.message).length;
    await waitFor(() => asked() === 2, { what: 'another attempt', timeoutMs: 20_000 });
    answer.goOn();
    await chat.expectWhole(answer);
  });
});
