/** Turns a command of figseek, as “models use starter”, into one that can be pasted. The face knows how it is called. */
export type Advise = (command: string) => string;
