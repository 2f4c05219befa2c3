export enum Role {
  System = 'system',
  User = 'user',
  Assistant = 'assistant',
}

export interface Message {
  role: Role;
  content: string;
}

export type ChatAnswer = {
  readonly choices: ReadonlyArray<{ message: Message; finish_reason: 'stop' | 'length' | null }>;
};

export function textOf(answer: ChatAnswer): string | undefined {
  return answer.choices[0]?.message.content;
}
