export { CopyButton } from '../views/copy-button.tsx';
