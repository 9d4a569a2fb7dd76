import type { Place } from './place.ts';

/** Sites of videos and streams. */
export const videoSites: readonly Place[] = [
  { name: 'youtube', hosts: ['youtube.com', 'youtu.be', 'com.google.android.youtube'], aliases: ['yt'] },
  { name: 'rutube', hosts: ['rutube.ru', 'ru.rutube.app'] },
  { name: 'vkvideo', hosts: ['vkvideo.ru', 'live.vkvideo.ru', 'live.vkplay.ru'] },
  { name: 'vimeo', hosts: ['vimeo.com'] },
  { name: 'twitch', hosts: ['twitch.tv', 'tv.twitch.android.app'] },
  { name: 'dailymotion', hosts: ['dailymotion.com'] },
  { name: 'nuum', hosts: ['nuum.ru'] },
  { name: 'kinescope', hosts: ['kinescope.io'] },
];
