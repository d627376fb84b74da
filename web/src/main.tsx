import { render } from 'preact';
import { App } from './app';
import './shared/base.css';

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
