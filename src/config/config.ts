/** The settings of one server, checked and frozen. What each is for, its default and its bounds: `settings.ts`. */
import type { PrivateTargets } from '../core/reachable-targets.ts';

export interface Config {
  /** Port 0 means any free one. */
  readonly listen: ListenAddress;
  /** Absolute path of the folder that holds everything the server keeps. */
  readonly dataDir: string;
  readonly store: StoreChoice;
  /** Absolute path; null means that the password is in the address, or that none is needed. */
  readonly storePasswordFile: string | null;
  readonly storeConnectionsMax: number;
  /** The operator's key pair; both or neither. Null means: the pair in the data folder, made at the first start. */
  readonly accessKeyId: string | null;
  readonly accessKeySecret: string | null;
  /** `acs3` refuses the FC scheme of the 2016 SDKs. */
  readonly signatures: Signatures;
  readonly accountId: string;
  readonly region: string;
  /** `https://fc.example.com`: each HTTP trigger has a host name below this one's. Null when nothing leads here. */
  readonly triggerBaseUrl: string | null;
  readonly asyncPayloadBytesMax: number;
  readonly delaySecondsMax: number;
  readonly retentionDays: number;
  readonly instancesMax: number;
  readonly instanceIdleSeconds: number;
  readonly isolation: IsolationChoice;
  readonly functionNetwork: FunctionNetwork;
  /** Null means none. */
  readonly privateTargets: PrivateTargets | null;
  readonly backlogMax: number;
  readonly leaseSeconds: number;
  readonly stopGraceSeconds: number;
  /** 0: never. */
  readonly hangSeconds: number;
  readonly logLevel: LogLevel;
  readonly functionLogs: FunctionLogs;
}

export type StoreChoice =
  | { readonly engine: 'sqlite' }
  /** The address may hold a password. */
  | { readonly engine: 'postgres'; readonly url: string };

export interface ListenAddress {
  /** A name or an IP address, without brackets. */
  readonly host: string;
  readonly port: number;
}

export const SIGNATURES = ['all', 'acs3'] as const;
export type Signatures = (typeof SIGNATURES)[number];

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const ISOLATIONS = ['auto', 'require', 'process'] as const;
export type IsolationChoice = (typeof ISOLATIONS)[number];

export const FUNCTION_NETWORKS = ['shared', 'private'] as const;
export type FunctionNetwork = (typeof FUNCTION_NETWORKS)[number];

export const FUNCTION_LOGS = ['log', 'none'] as const;
export type FunctionLogs = (typeof FUNCTION_LOGS)[number];

export type SettingName = keyof Config;
