import { z } from 'zod';

// Without code made at run time: a content security policy forbids it, and the browser would report the attempt.
z.config({ jitless: true });

export { z };
