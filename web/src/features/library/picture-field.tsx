import { ImagePlus } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Character } from '#contract/story-parts.ts';
import { Button } from '../../ui/button.tsx';
import { FieldProblem } from '../../ui/field-problem.tsx';
import { CharacterPicture, Initial, PictureFrame } from './character-picture.tsx';
import { pictureHint, pictureProblem, pictureTypes } from './picture-file.ts';

/** `drawn`: the one that it was given is to go. */
export type ChosenPicture = File | 'drawn' | undefined;

interface PictureFieldProps {
  /** The character as it is saved; absent: there is none yet. */
  readonly character: Character | undefined;
  readonly name: string;
  readonly chosen: ChosenPicture;
  readonly onChosen: (chosen: ChosenPicture) => void;
}

/** A picture from the own device, shown before it is sent; or that one is drawn again. */
export function PictureField({ character, name, chosen, onChosen }: PictureFieldProps) {
  const { t } = useTranslation('library');
  const id = useId();
  const [problem, setProblem] = useState<string>();
  const preview = useObjectUrl(chosen === 'drawn' ? undefined : chosen);
  const choose = (file: File | undefined) => {
    if (!file) return;
    const wrong = pictureProblem(file);
    setProblem(wrong);
    if (!wrong) onChosen(file);
  };
  /** Without a file the note of one that was refused is over. */
  const chooseNone = (instead: 'drawn' | undefined) => {
    setProblem(undefined);
    onChosen(instead);
  };
  const isOld = !chosen && character;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-4">
        {isOld ? (
          <CharacterPicture character={character} className="size-24" />
        ) : (
          <PictureFrame className="size-24">
            {preview ? (
              <img src={preview} alt={t('picture.preview')} className="size-full object-cover" />
            ) : (
              <Initial name={name} />
            )}
          </PictureFrame>
        )}
        <div className="flex min-w-0 flex-col items-start gap-1">
          <label className="inline-flex min-h-10 cursor-pointer items-center gap-2 rounded-control border border-edge bg-surface px-4 font-medium transition-colors duration-120 hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-lamp-strong has-focus-visible:outline-offset-2">
            <ImagePlus className="size-4" aria-hidden /> {t('picture.choose')}
            <input
              type="file"
              accept={pictureTypes.join(',')}
              aria-invalid={problem ? true : undefined}
              aria-describedby={problem ? `${id}-problem ${id}-hint` : `${id}-hint`}
              className="sr-only"
              onChange={(event) => {
                choose(event.target.files?.[0]);
                // The same file, chosen again, is a change again.
                event.target.value = '';
              }}
            />
          </label>
          {chosen && (
            <Button look="quiet" onClick={() => chooseNone(undefined)}>
              {t('picture.takeBack')}
            </Button>
          )}
          {!chosen && character?.hasOwnPicture && (
            <Button look="quiet" onClick={() => chooseNone('drawn')}>
              {t('picture.remove')}
            </Button>
          )}
        </div>
      </div>
      {chosen === 'drawn' && (
        <p role="status" className="text-ink-soft text-small">
          {t('picture.removed')}
        </p>
      )}
      <FieldProblem id={`${id}-problem`} problem={problem} />
      <p id={`${id}-hint`} className="text-ink-soft text-small">
        {pictureHint()}
      </p>
    </div>
  );
}

/** An address of the file for as long as it is shown. */
function useObjectUrl(file: File | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!file) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
      setUrl(undefined);
    };
  }, [file]);
  return url;
}
