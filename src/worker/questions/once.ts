export { Once } from '../../scenarios/once';
