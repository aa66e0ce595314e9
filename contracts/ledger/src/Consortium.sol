// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {HealthLedger} from "./HealthLedger.sol";
import {IConsortium} from "./IConsortium.sol";
import {PatientKeys} from "./PatientKeys.sol";
import {Votes} from "./Votes.sol";

/// @title The members of the consortium and what they decide together
/// @notice See {IConsortium}. Creates the ledger that it governs and the register of patients' keys: one deployment, one address to know.
contract Consortium is IConsortium, Votes {
    /// @inheritdoc IConsortium
    uint256 public constant LANES_PER_MEMBER_MAX = 64;

    HealthLedger private _ledger;
    PatientKeys private _patientKeys;
    mapping(uint32 lane => address member) private _laneOwner;
    mapping(address member => uint32[] lanes) private _lanesOf;

    /// @param founders The first members, at least one.
    constructor(address[] memory founders) {
        _ledger = new HealthLedger(address(this));
        _patientKeys = new PatientKeys(address(_ledger));
        if (founders.length == 0) revert ConsortiumLastMember();
        for (uint256 i = 0; i < founders.length; ++i) {
            _admitFit(founders[i]);
        }
    }

    /// @inheritdoc IConsortium
    function admit(address account) external onlyByVote {
        _admitFit(account);
    }

    /// @inheritdoc IConsortium
    function remove(address account) external onlyByVote {
        _remove(account);
        uint32[] memory lanes = _lanesOf[account];
        delete _lanesOf[account];
        for (uint256 i = 0; i < lanes.length; ++i) {
            delete _laneOwner[lanes[i]];
            _ledger.setWriter(lanes[i], address(0), 0);
        }
    }

    /// @inheritdoc IConsortium
    function assignLane(uint32 lane, address member, address writer) external onlyByVote {
        if (!isMember(member)) revert ConsortiumNotMember(member);
        address owner = _laneOwner[lane];
        if (owner != address(0)) _takeLane(lane, owner);
        uint32[] storage lanes = _lanesOf[member];
        if (lanes.length == LANES_PER_MEMBER_MAX) revert ConsortiumFull(LANES_PER_MEMBER_MAX);
        lanes.push(lane);
        _laneOwner[lane] = member;
        emit LaneAssigned(lane, member);
        _setWriter(lane, writer, 0);
    }

    /// @inheritdoc IConsortium
    function pauseLane(uint32 lane) external onlyByVote {
        _ledger.setPaused(lane, true);
    }

    /// @inheritdoc IConsortium
    function resumeLane(uint32 lane) external onlyByVote {
        _ledger.setPaused(lane, false);
    }

    /// @inheritdoc IConsortium
    function rotateWriter(uint32 lane, address writer, uint32 overlapSeconds) external {
        if (_laneOwner[lane] != msg.sender) revert ConsortiumNotLaneOwner(lane, msg.sender);
        _setWriter(lane, writer, overlapSeconds);
    }

    /// @inheritdoc IConsortium
    function ledger() external view returns (address) {
        return address(_ledger);
    }

    /// @inheritdoc IConsortium
    function patientKeys() external view returns (address) {
        return address(_patientKeys);
    }

    /// @inheritdoc IConsortium
    function laneOwner(uint32 lane) external view returns (address) {
        return _laneOwner[lane];
    }

    /// @inheritdoc IConsortium
    function lanesOf(address member) external view returns (uint32[] memory) {
        return _lanesOf[member];
    }

    /// @dev A writer never administers.
    function _admitFit(address account) private {
        if (account == address(0) || account == address(this) || account == address(_ledger) || _ledger.wasWriter(account)) {
            revert ConsortiumAccountUnfit(account);
        }
        _admit(account);
    }

    /// @dev Who administers, or did, never writes. That a key is new the ledger itself checks.
    function _setWriter(uint32 lane, address writer, uint32 overlapSeconds) private {
        if (wasMember(writer)) revert ConsortiumAccountUnfit(writer);
        _ledger.setWriter(lane, writer, overlapSeconds);
    }

    function _takeLane(uint32 lane, address owner) private {
        uint32[] storage lanes = _lanesOf[owner];
        uint256 i = 0;
        while (lanes[i] != lane) ++i;
        lanes[i] = lanes[lanes.length - 1];
        lanes.pop();
    }
}
