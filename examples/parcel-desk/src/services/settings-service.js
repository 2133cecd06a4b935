import { mergeInto } from '../lib/merge.js';
import { overlay } from '../lib/overlay.js';

/** Changes the settings of the desk in place; groups that are not named keep their values. */
export function changeSettings(settings, changes) {
  return mergeInto(settings, changes);
}

/** The settings of one shift, without touching those of the desk. */
export function settingsFor(settings, shift) {
  return overlay(overlay({}, settings), shift);
}
