/** Sends together, in their order, what is told within one turn of the event loop: between processes a message costs more than what it says. */
export function inOneMessage<Message>(send: (messages: readonly Message[]) => void): (message: Message) => void {
  let waiting: Message[] = [];
  const sendWaiting = (): void => {
    const messages = waiting;
    waiting = [];
    send(messages);
  };
  return (message) => {
    waiting.push(message);
    if (waiting.length === 1) setImmediate(sendWaiting);
  };
}
