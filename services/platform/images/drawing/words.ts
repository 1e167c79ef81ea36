import { coatBefore } from './coats.ts';
import { type FigureName, isAnimal } from './figures.ts';

/** Somebody of whom words speak. */
export interface Named {
  readonly name: FigureName;
  /** Of an animal, where the words say. */
  readonly coat?: string;
}

/** What a picture may show. */
export const sceneNames = [
  'forest',
  'village',
  'town',
  'sea',
  'lighthouse',
  'castle',
  'space',
  'desert',
  'garden',
  'mountains',
  'snow',
  'lake',
  'underwater',
  'bedroom',
  'camp',
  'meadow',
  'island',
] as const;
export type SceneName = (typeof sceneNames)[number];

/**
 * The beginnings of words by what they stand for, in the languages that stories are written in (a prompt is English as a rule): a beginning covers
 * plurals and cases. A `$` ends a word that is the beginning of others; with a capital it stands for nothing without: `Kind` is a child in German, and
 * in English no more than kind.
 */
const sceneWords: Readonly<Record<SceneName, string>> = {
  underwater:
    'underwater under the sea coral mermaid whale octopus submarine unterwasser koralle meerjungfrau wal$ bajo el mar sirena ballena sous la mer sirène baleine sott’acqua podwodn подводн русалк підводн',
  lighthouse: 'lighthouse leuchtturm faro$ phare vuurtoren latarni farol маяк deniz feneri منارة',
  space:
    'space planet rocket astronaut galaxy spaceship comet moon base weltraum weltall rakete espacio cohete espace fusée spazio razzo ruimte raket kosmos rakiet espaço foguete космос ракет планет uzay roket فضاء صاروخ',
  castle:
    'castle palace king queen knight princess prince schloss burg$ könig ritter castillo rey$ reina château roi$ reine castello kasteel zamek król castelo замок король kale$ şato قلعة قصر',
  desert:
    'desert dune camel oasis sahara wüste kamel desierto camello désert chameau deserto woestijn pustyni пустын верблюд çöl صحراء جمل',
  snow: 'snow winter ice$ icy polar penguin igloo schnee eis$ nieve invierno neige hiver neve inverno sneeuw śnieg zima снег снеж зим сніг kar$ kış ثلج',
  island:
    'island palm jungle tropical parrot insel palme dschungel isla$ palmera selva île$ isola eiland wyspa ilha остров пальм джунгл острів ada$ جزيرة',
  sea: 'sea$ ocean ship boat sail harbour harbor pirate waves meer$ ozean schiff boot$ hafen pirat mar$ barco océano mer$ bateau mare$ nave$ zee$ schip morze statek navio море корабл лодк deniz gemi بحر سفينة',
  lake: 'lake river pond see$ fluss teich lago río lac$ rivière étang fiume meer jezior rzek rio$ озер рек річк göl nehir بحيرة نهر',
  camp: 'camp tent campfire zelt lagerfeuer tienda de campaña fogata tente feu de camp tenda namiot ognisk палатк костёр намет çadır خيمة',
  bedroom:
    'bedroom bed$ blanket pillow window nursery schlafzimmer kinderzimmer bett$ decke$ dormitorio cama$ chambre lit$ camera da letto slaapkamer sypialni łóżk quarto спальн кроват ліжк yatak غرفة سرير',
  mountains:
    'mountain cliff valley volcano berg$ berge gebirge montaña montagne montagna bergen góry montanha гор$ горы dağ جبل',
  town: 'town$ city street roofs market stadt straße dächer ciudad calle ville$ rue$ città stad$ miast cidade город улиц місто şehir sokak مدينة',
  garden:
    'garden flower greenhouse orchard tree house garten blume jardín flor$ flores jardin fleur giardino fiore tuin ogród jardim сад$ саду цвет bahçe çiçek حديقة',
  village:
    'village house cottage farm mill bakery dorf haus bauernhof mühle pueblo casa$ maison ferme villaggio dorp wioska aldeia деревн дом$ село köy ev$ قرية بيت',
  meadow:
    'meadow hill field grass wiese hügel feld prado colina pré$ colline prato weide łąka campo луг холм çayır مرج',
  forest:
    'forest wood$ woods tree wald bäume bosque árbol forêt arbre foresta bosco bos$ las$ lesie drzew floresta árvore лес$ лесу дерев ліс orman ağaç غابة',
};

const figureWords: Readonly<Record<FigureName, string>> = {
  fox: 'fox fuchs füchs zorro renard volpe vos$ lis$ raposa лис tilki ثعلب',
  wolf: 'wolf wölf lobo loup lupo wilk волк вовк kurt$ ذئب',
  bear: 'bear$ bears teddy bär oso$ osito ours orso beer$ niedźwie urso медвед ведмед ayı دب$',
  cat: 'cat$ cats kitten katze kater kätz gato chat$ chaton gatto kat$ kot$ kotek кот$ кош кіт kedi قطة',
  rabbit:
    'rabbit bunny hare$ hase$ häs kaninchen conejo lapin coniglio konijn haas królik zając coelho зая заєц кролик tavşan أرنب',
  mouse: 'mouse mice maus mäus ratón souris topo$ topolino muis mysz rato мыш миш fare$ فأر',
  dog: 'dog$ dogs puppy hund perro chien cane$ hond pies$ cachorro собак щен köpek كلب',
  owl: 'owl eule búho lechuza hibou chouette gufo uil$ sowa coruja сова сову baykuş بومة',
  hedgehog: 'hedgehog igel erizo hérisson riccio egel jeż$ ouriço ёж їжак kirpi قنفذ',
  penguin: 'penguin pinguin pingüino pingouin pinguino pinguïn pingwin пингвин penguen بطريق',
  dragon: 'dragon drache dragón drago$ draak smok dragão дракон ejderha تنين',
  frog: 'frog frosch frösch rana$ grenouille kikker żab sapo$ лягуш жаб kurbağa ضفدع',
  lion: 'lion löwe león leone leeuw lew$ leão лев$ aslan أسد',
  elephant: 'elephant elefant elefante éléphant olifant słoń слон fil$ فيل',
  otter: 'otter$ otters nutria$ loutre lontra wydr выдр видр samuru قضاعة',
  badger: 'badger dachs tejón blaireau tasso borsuk texugo барсук борсук porsuk غرير',
  llama: 'llama$ llamas lama$ lamas alpaca alpaka лама ламы لاما',
  tortoise: 'tortoise turtle schildkröte tortuga tortue tartaruga schildpad żółw черепах kaplumbağa سلحفاة',
  deer: 'deer fawn reh$ hirsch ciervo cerf biche cervo hert$ sarn jeleń veado олен geyik غزال',
  robot: 'robot робот روبوت',
  witch: 'witch hexe bruja sorcière strega heks czarownic bruxa ведьм відьм cadı ساحرة',
  princess:
    'princess queen prinzessin königin princesa reina princesse reine principessa prinses księżnicz принцесс prenses أميرة',
  knight: 'knight ritter caballero chevalier cavaliere ridder rycerz cavaleiro рыцар лицар şövalye فارس',
  pirate: 'pirate pirat piraat пират пірат korsan قرصان',
  astronaut: 'astronaut astronauta astronaute космонавт космонавт رائد فضاء',
  grandmother:
    'grandmother grandma granny oma$ großmutter abuela grand-mère mamie nonna babci avó$ бабушк бабус nine büyükanne جدة',
  girl: 'girl mädchen niña fille$ bambina meisje dziewczyn menina девоч дівчин kız فتاة',
  boy: 'boy$ boys junge$ niño$ garçon bambino jongen chłop menino мальчик хлопч oğlan ولد',
  child: 'child kid$ kids Kind$ Kinder$ niños enfant dziec criança ребён дит çocuk طفل',
  grownUp:
    'woman$ women$ man$ men$ mother father aunt$ uncle$ keeper$ builder maker$ gardener teacher doctor frau mann$ mutter vater tante onkel wärter gärtner lehrer mujer hombre madre padre jardiner maestr femme homme mère$ père$ oncle jardinier donna$ uomo vrouw kobiet mężczyzn mulher homem женщин мужчин жінк чоловік kadın$ adam$ امرأة رجل',
};

/** Who may be in a text and cannot be drawn, each with those plurals that no ending makes: in German, and in other languages. */
const undrawnGerman =
  'schnecke wal motte nachtfalter riese riesin gespenst gespenster fisch vogel vögel schmetterling biene pferd einhorn eichhörnchen affe schaf kuh kühe schwein ziege ente gans gänse spinne fee';
const undrawnOthers =
  'snail whale moth troll ghost fish bird butterfly butterflie bee horse unicorn pony ponie dolphin octopus crab spider ladybird squirrel monkey tiger zebra giraffe crocodile sheep cow pig goat duck duckling goose geese swan bat seal worm fairy fairie mermaid dinosaur snowman snowmen caracol ballena polilla gigante fantasma pez peces pájaro mariposa abeja caballo unicornio ardilla mono oveja vaca cerdo cabra pato araña hada escargot baleine papillon géant fantôme poisson oiseau abeille cheval chevaux licorne écureuil singe mouton vache cochon chèvre canard araignée fée';

/** Phrases are the words of a list that belong together. */
const phrases =
  /under the sea|moon base|tree house|bajo el mar|sous la mer|tienda de campaña|feu de camp|camera da letto|deniz feneri|رائد فضاء|\S+/g;

/** Arabic writes its article, and some words before it, as one with the word. */
const matcher = (words: string): RegExp => {
  const starts = (words.match(phrases) ?? []).map((word) => {
    const start = word.endsWith('$') ? `${word.slice(0, -1)}(?!\\p{L})` : word;
    return /^\p{Lu}/u.test(word) ? `(?-i:${start})` : start;
  });
  return new RegExp(`(?<!\\p{L})(?:[وفبك]?ال|لل)?(?:${starts.join('|')})`, 'giu');
};

/** Whole words, with the endings that they have: a moth-eaten one is no moth, and a chevalier no cheval. */
const undrawn = new RegExp(
  [
    [undrawnGerman, 'e|e?[ns]|nen|chen|lein'],
    [undrawnOthers, 'e?[sx]'],
  ]
    .map(([words = '', endings]) => `(?<!\\p{L})(?:${words.replaceAll(' ', '|')})(?:${endings})?(?!-?\\p{L})`)
    .join('|'),
  'iu',
);

const matchers = <Name extends string>(table: Readonly<Record<Name, string>>): ReadonlyMap<Name, RegExp> =>
  new Map(Object.entries<string>(table).map(([name, words]) => [name as Name, matcher(words)]));

const scenes = matchers(sceneWords);
const figures = matchers(figureWords);

/** What comes after the words for one and the same, as a rule: a preposition, an article, what somebody is doing. */
const another =
  /[.,;:!?()]|(?<!\p{L})(?:who|whose|whom|that|which|with|of|and|for|from|in|on|by|to|an?|the|his|her|their|its|\p{L}{2,}ing|mit|und|von|aus|im|für|der|die|das|de[nms]|eine?[nmr]?|seine?[nmr]?|ihre?[nmr]?|que|con|y|del?|el|las?|los|una?|su|qui|avec|et|du|les?|une|s[ao]n)(?!\p{L})/iu;

/** Only the beginning of a text is read: what a picture shows is said early. */
const longest = 2_000;

/** The scene that a text speaks of most, of several the first. */
export function sceneIn(text: string): SceneName | undefined {
  const read = text.slice(0, longest).normalize('NFC');
  let best: { name: SceneName; count: number; at: number } | undefined;
  for (const [name, words] of scenes) {
    const found = [...read.matchAll(words)];
    const [first] = found;
    if (!first) continue;
    if (!best || found.length > best.count || (found.length === best.count && first.index < best.at))
      best = { name, count: found.length, at: first.index };
  }
  return best?.name;
}

/**
 * Whom a text is about: who comes first in it, where a mother bear or a pirate cat is the animal. Nothing where nobody does, or one that
 * cannot be drawn.
 */
export function figureFirstIn(text: string): Named | undefined {
  const read = text.slice(0, longest).normalize('NFC');
  const before = read.search(undrawn);
  const found = figuresAt(before < 0 ? read : read.slice(0, before));
  const [first] = found;
  if (!first || isAnimal(first.name)) return first && named(read, first);
  const length = read.slice(first.at).search(another);
  const end = length < 0 ? read.length : first.at + length;
  const animal = found.find(({ name, at }) => isAnimal(name) && at < end);
  if (animal) return named(read, animal);
  return before >= 0 && before < end ? undefined : named(read, first);
}

/** Who is in a text, in the order in which they come. */
export function figuresIn(text: string, most: number): readonly Named[] {
  const read = text.slice(0, longest).normalize('NFC');
  return figuresAt(read)
    .slice(0, most)
    .map((each) => named(read, each));
}

interface Place {
  readonly name: FigureName;
  readonly at: number;
}

function named(read: string, { name, at }: Place): Named {
  const coat = isAnimal(name) ? coatBefore(read, at) : undefined;
  return { name, ...(coat !== undefined && { coat }) };
}

function figuresAt(read: string): readonly Place[] {
  const found = [...figures].flatMap(([name, words]) => {
    const at = read.search(words);
    return at < 0 ? [] : [{ name, at }];
  });
  return found.sort((a, b) => a.at - b.at);
}
