// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Who may write to which lane of the ledger
/// @notice The governor, which in a consortium is the contract of its votes, gives each lane a key, replaces it, and pauses the lane. A key
/// writes to one lane only, once in its life: a key that was replaced never writes again, anywhere. The governor itself never writes.
interface ILaneWriters {
    /// @notice `writer` may commit to `lane` from now on; zero when nobody may. `previous` still may while the time is not after `previousUntil`.
    event WriterChanged(uint32 indexed lane, address indexed writer, address indexed previous, uint64 previousUntil);

    /// @notice `lane` takes no batches until it is resumed.
    event LanePaused(uint32 indexed lane);

    /// @notice `lane` takes batches again.
    event LaneResumed(uint32 indexed lane);

    /// @notice `account` may not commit to `lane`.
    error LedgerNotWriter(uint32 lane, address account);

    /// @notice The members have paused `lane`.
    error LedgerLanePaused(uint32 lane);

    /// @notice `account` is not the governor.
    error LedgerNotGovernor(address account);

    /// @notice `account` was given to a lane before, or is the governor.
    error LedgerKeyUsed(address account);

    /// @notice The time in which the previous key still writes is longer than `longest` seconds.
    error LedgerOverlapTooLong(uint32 given, uint32 longest);

    /// @notice Gives `lane` another key. Only the governor.
    /// @param writer The new key's account; zero ends all writing to the lane.
    /// @param overlapSeconds How long the previous key may still write beside the new one, so that what it signed still arrives; zero for a
    /// key that is in the wrong hands. A key before the previous one ends at once.
    function setWriter(uint32 lane, address writer, uint32 overlapSeconds) external;

    /// @notice Stops a lane, or lets it go on. Only the governor. What is anchored stays readable. The same again changes nothing.
    function setPaused(uint32 lane, bool paused) external;

    /// @notice Whether a commit of `account` to `lane` would be taken now, were the lane not paused.
    function isWriter(uint32 lane, address account) external view returns (bool);

    /// @notice Whether `account` was ever given to a lane.
    function wasWriter(address account) external view returns (bool);

    /// @notice Whether the members have paused `lane`.
    function isPaused(uint32 lane) external view returns (bool);

    /// @notice The lane's key, and the previous one with the time (seconds since 1970) until which it still writes; zero where there is none.
    function writersOf(uint32 lane) external view returns (address writer, address previous, uint64 previousUntil);

    /// @notice Who gives and takes keys. Never changes.
    function governor() external view returns (address);

    /// @notice The longest overlap of two keys, in seconds.
    function OVERLAP_MAX() external view returns (uint32);
}
