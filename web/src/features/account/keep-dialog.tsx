import { X } from 'lucide-react';
import { IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DoorLink, Elsewhere } from '../sign-in/door.tsx';
import { RegisterForm } from '../sign-in/register-form.tsx';

/** A guest becomes the holder of an account, with everything that the guest has. */
export function KeepDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  return (
    <Dialog label="Keep your conversations" onClose={onClose}>
      <div className="flex flex-col gap-6">
        <div className="flex flex-col gap-2">
          <div className="-mt-2 -mr-2 flex items-center gap-2">
            <h2 className="flex-1 font-semibold text-title">Keep your conversations</h2>
            <IconButton label="Close" onClick={onClose}>
              <X className="size-5" aria-hidden />
            </IconButton>
          </div>
          <p className="text-ink-soft">Create an account, and all that you wrote as a guest stays with it.</p>
        </div>
        <RegisterForm name={name} submitText="Create account" />
        <Elsewhere>
          <DoorLink to="/sign-in">I have an account</DoorLink>
        </Elsewhere>
      </div>
    </Dialog>
  );
}
