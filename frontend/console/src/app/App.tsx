import { DirectionProvider, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Announcer } from './announce';
import { Confirmations } from './confirm';
import { isLanguage, languages } from './i18n';
import { styleNonce } from './nonce';
import { queryClient } from './queryClient';
import { router } from './router';
import { cssVariablesResolver, theme } from './theme';

const Toasts = lazy(() => import('./Toasts').then((room) => ({ default: room.Toasts })));

export function App() {
  const { i18n } = useTranslation();
  const direction = isLanguage(i18n.language) ? languages[i18n.language].direction : 'ltr';
  return (
    <DirectionProvider key={direction} initialDirection={direction} detectDirection={false}>
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        cssVariablesResolver={cssVariablesResolver}
        getStyleNonce={styleNonce}
      >
        <QueryClientProvider client={queryClient}>
          <Suspense fallback={null}>
            <Toasts />
          </Suspense>
          <Announcer />
          <RouterProvider router={router} />
          <Confirmations />
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  );
}
