// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ILaneWriters} from "./ILaneWriters.sol";

/// @title Who may write to which lane of the ledger
/// @notice See {ILaneWriters}.
abstract contract LaneWriters is ILaneWriters {
    /// @dev One slot, so that a commit reads key, sequence and pause at once and writes the sequence back to where it read.
    struct Lane {
        address writer;
        uint64 last;
        bool paused;
    }

    struct Retiring {
        address writer;
        uint64 until;
    }

    /// @inheritdoc ILaneWriters
    uint32 public constant OVERLAP_MAX = 7 days;

    mapping(uint32 lane => Lane) internal _lanes;
    mapping(uint32 lane => Retiring) private _retiring;
    mapping(address account => bool) private _wasWriter;
    /// @dev Not `immutable`: the deployed code, which installations compare by its hash, is the same for every governor.
    address private _governor;

    constructor(address governor_) {
        _governor = governor_;
    }

    modifier onlyGovernor() {
        if (msg.sender != _governor) revert LedgerNotGovernor(msg.sender);
        _;
    }

    /// @inheritdoc ILaneWriters
    function setWriter(uint32 lane, address writer, uint32 overlapSeconds) external onlyGovernor {
        if (overlapSeconds > OVERLAP_MAX) revert LedgerOverlapTooLong(overlapSeconds, OVERLAP_MAX);
        if (_wasWriter[writer] || writer == _governor) revert LedgerKeyUsed(writer);
        address previous = writer == address(0) || overlapSeconds == 0 ? address(0) : _lanes[lane].writer;
        uint64 until = previous == address(0) ? 0 : uint64(block.timestamp) + overlapSeconds;
        _lanes[lane].writer = writer;
        _retiring[lane] = Retiring(previous, until);
        if (writer != address(0)) _wasWriter[writer] = true;
        emit WriterChanged(lane, writer, previous, until);
    }

    /// @inheritdoc ILaneWriters
    function setPaused(uint32 lane, bool paused) external onlyGovernor {
        if (_lanes[lane].paused == paused) return;
        _lanes[lane].paused = paused;
        if (paused) emit LanePaused(lane);
        else emit LaneResumed(lane);
    }

    /// @inheritdoc ILaneWriters
    function isWriter(uint32 lane, address account) external view returns (bool) {
        return account != address(0) && (account == _lanes[lane].writer || _isRetiring(lane, account));
    }

    /// @inheritdoc ILaneWriters
    function wasWriter(address account) external view returns (bool) {
        return _wasWriter[account];
    }

    /// @inheritdoc ILaneWriters
    function isPaused(uint32 lane) external view returns (bool) {
        return _lanes[lane].paused;
    }

    /// @inheritdoc ILaneWriters
    function writersOf(uint32 lane) external view returns (address writer, address previous, uint64 previousUntil) {
        Retiring memory retiring = _retiring[lane];
        return (_lanes[lane].writer, retiring.writer, retiring.until);
    }

    /// @inheritdoc ILaneWriters
    function governor() external view returns (address) {
        return _governor;
    }

    /// @dev The number of the lane's newest batch, for the one who may write the next. The lane's own key costs no second slot.
    function _lastForWriter(uint32 lane) internal view returns (uint64) {
        Lane storage state = _lanes[lane];
        (address writer, uint64 newest, bool paused) = (state.writer, state.last, state.paused);
        if (msg.sender != writer && !_isRetiring(lane, msg.sender)) revert LedgerNotWriter(lane, msg.sender);
        if (paused) revert LedgerLanePaused(lane);
        return newest;
    }

    function _isRetiring(uint32 lane, address account) private view returns (bool) {
        Retiring memory retiring = _retiring[lane];
        return account == retiring.writer && block.timestamp <= retiring.until;
    }
}
