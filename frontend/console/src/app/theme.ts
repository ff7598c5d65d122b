/** Mantine dressed as Parley. Colours of surfaces and text come from the kit's tokens. */

import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';
import { fontStack, monoStack, night, petrol, stone } from '@parley/kit/tokens';

const tuple = (shades: readonly string[]) => shades as unknown as MantineColorsTuple;

const dialogTitle = { fontWeight: 680, fontSize: '17px', letterSpacing: '-0.2px' };

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  colors: { petrol: tuple(petrol), gray: tuple(stone), dark: tuple(night) },
  fontFamily: fontStack,
  fontFamilyMonospace: monoStack,
  headings: { fontFamily: fontStack, fontWeight: '650' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.35', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.35' },
  spacing: { xs: '6px', sm: '10px', md: '14px', lg: '20px', xl: '28px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  // By name, not by component: naming a component here would load it for everybody.
  components: {
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 32 } },
    Avatar: { defaultProps: { radius: 'xl' } },
    Button: { defaultProps: { size: 'sm' } },
    Menu: { defaultProps: { shadow: 'md', radius: 'lg', withinPortal: true, position: 'bottom-end' } },
    Modal: { defaultProps: { radius: 'lg', centered: true, padding: 'lg' }, styles: { title: dialogTitle } },
    Drawer: { styles: { title: dialogTitle } },
    Popover: { defaultProps: { shadow: 'md', radius: 'lg' } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false, radius: 'sm', fz: 12 } },
  },
});

const surfaces = {
  '--mantine-color-body': 'var(--p-panel)',
  '--mantine-color-text': 'var(--p-ink)',
  '--mantine-color-dimmed': 'var(--p-ink-3)',
  '--mantine-color-placeholder': 'var(--p-ink-3)',
  '--mantine-color-anchor': 'var(--p-brand)',
  '--mantine-color-error': 'var(--p-breach)',
  '--mantine-color-default': 'var(--p-raised)',
  '--mantine-color-default-hover': 'var(--p-hover)',
  '--mantine-color-default-border': 'var(--p-line-strong)',
  '--mantine-color-default-color': 'var(--p-ink)',
  '--mantine-color-gray-light-color': 'var(--p-ink-2)',
  '--mantine-color-gray-light': 'var(--p-hover)',
  '--mantine-color-gray-light-hover': 'var(--p-line)',
  '--mantine-color-petrol-light': 'var(--p-brand-soft)',
  '--mantine-color-petrol-light-hover': 'var(--p-brand-soft)',
  '--mantine-color-petrol-light-color': 'var(--p-brand)',
  '--mantine-color-petrol-text': 'var(--p-brand)',
  '--mantine-color-yellow-light': 'var(--p-soon-soft)',
  '--mantine-color-yellow-light-color': 'var(--p-soon)',
  '--mantine-color-orange-light': 'var(--p-soon-soft)',
  '--mantine-color-orange-light-color': 'var(--p-soon)',
  '--mantine-color-red-light': 'var(--p-breach-soft)',
  '--mantine-color-red-light-hover': 'var(--p-breach-soft)',
  '--mantine-color-red-light-color': 'var(--p-breach)',
  '--mantine-color-red-text': 'var(--p-breach)',
  '--mantine-color-green-light': 'var(--p-ok-soft)',
  '--mantine-color-green-light-color': 'var(--p-ok)',
  '--mantine-shadow-md': 'var(--p-shadow-up)',
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: surfaces, dark: surfaces });
