/** Preloaded (`--expose-gc --import`) into a process whose memory is measured: SIGUSR2 makes it collect its garbage. */
import { getHeapStatistics } from 'node:v8';

process.on('SIGUSR2', () => {
  for (let times = 0; times < 3; times += 1) globalThis.gc?.();
  const { used_heap_size, external_memory, total_heap_size } = getHeapStatistics();
  console.log(JSON.stringify({ collected: true, used_heap_size, total_heap_size, external_memory }));
});
