import type { Place } from './place.ts';

/** Assistants that answer by a language model and link what they cite. */
export const aiAssistants: readonly Place[] = [
  {
    name: 'chatgpt',
    hosts: ['chatgpt.com', 'chat.openai.com', 'openai.com', 'com.openai.chatgpt'],
    aliases: ['openai'],
  },
  { name: 'perplexity', hosts: ['perplexity.ai', 'pplx.ai', 'ai.perplexity.app.android'] },
  { name: 'claude', hosts: ['claude.ai', 'com.anthropic.claude'], aliases: ['anthropic'] },
  {
    name: 'gemini',
    hosts: ['gemini.google.com', 'bard.google.com', 'com.google.android.apps.bard'],
    aliases: ['bard'],
  },
  { name: 'notebooklm', hosts: ['notebooklm.google.com', 'notebooklm.google'] },
  {
    name: 'copilot',
    hosts: ['copilot.microsoft.com', 'copilot.cloud.microsoft', 'edgeservices.bing.com', 'com.microsoft.copilot'],
  },
  { name: 'deepseek', hosts: ['chat.deepseek.com', 'deepseek.com', 'com.deepseek.chat'] },
  {
    name: 'alice',
    hosts: ['alice.yandex.ru', 'alice.ya.ru', 'com.yandex.aliceapp'],
    aliases: ['yandexgpt', 'yandex-alice'],
  },
  { name: 'gigachat', hosts: ['giga.chat', 'gigachat.ru', 'gigachat.sberbank.ru', 'developers.sber.ru'] },
  { name: 'grok', hosts: ['grok.com', 'x.ai', 'ai.x.grok'] },
  { name: 'mistral', hosts: ['chat.mistral.ai', 'mistral.ai'], aliases: ['le-chat'] },
  { name: 'meta-ai', hosts: ['meta.ai'] },
  { name: 'qwen', hosts: ['chat.qwen.ai', 'qwen.ai', 'tongyi.aliyun.com'] },
  { name: 'kimi', hosts: ['kimi.com', 'kimi.ai', 'kimi.moonshot.cn'] },
  { name: 'doubao', hosts: ['doubao.com'] },
  { name: 'you.com', hosts: ['you.com'] },
  { name: 'poe', hosts: ['poe.com'] },
  { name: 'phind', hosts: ['phind.com'] },
  { name: 'duck.ai', hosts: ['duck.ai'] },
  { name: 'felo', hosts: ['felo.ai'] },
];
