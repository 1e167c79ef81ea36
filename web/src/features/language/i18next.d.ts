import type ui from '../../ui/texts/en.json';
import type account from '../account/texts/en.json';
import type administration from '../administration/texts/en.json';
import type chat from '../chat/texts/en.json';
import type library from '../library/texts/en.json';
import type newVersion from '../new-version/texts/en.json';
import type prompts from '../prompts/texts/en.json';
import type schedules from '../schedules/texts/en.json';
import type signIn from '../sign-in/texts/en.json';
import type stories from '../stories/texts/en.json';
import type welcome from '../welcome/texts/en.json';
import type language from './texts/en.json';

/** A key that no English catalogue has is a type error. */
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'ui';
    resources: {
      account: typeof account;
      administration: typeof administration;
      chat: typeof chat;
      language: typeof language;
      library: typeof library;
      prompts: typeof prompts;
      'new-version': typeof newVersion;
      schedules: typeof schedules;
      'sign-in': typeof signIn;
      stories: typeof stories;
      welcome: typeof welcome;
      ui: typeof ui;
    };
  }
}
