// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";

/// @title What a passkey signs
/// @notice Checks the parts of an authenticator's answer and gives the hash that its signature is over.
/// @dev OpenZeppelin's WebAuthn library needs `mcopy`, which the London rules lack. This one needs no search in the JSON: browsers write it in
/// one order (WebAuthn level 2, section 5.8.1.1), so that the answer to a challenge begins with known bytes (section 5.8.1.2).
library WebAuthnDigest {
    /// @dev Relying party 32 bytes, flags 1, counter 4 (section 6.1).
    uint256 private constant AUTHENTICATOR_DATA_MIN = 37;
    /// @dev Someone was there (bit 0) and was verified by PIN or body (bit 2).
    bytes1 private constant PRESENT_AND_VERIFIED = 0x05;

    /// @param challenge What the authenticator was asked to sign.
    /// @return wellFormed Whether this is the answer of a verified user to that challenge, by its form; the signature is still to be checked.
    function signedHash(bytes32 challenge, bytes calldata authenticatorData, bytes calldata clientData)
        internal
        pure
        returns (bool wellFormed, bytes32 digest)
    {
        bytes memory start = abi.encodePacked(
            '{"type":"webauthn.get","challenge":"', Base64.encodeURL(abi.encodePacked(challenge)), '","origin":"'
        );
        wellFormed = authenticatorData.length >= AUTHENTICATOR_DATA_MIN
            && authenticatorData[32] & PRESENT_AND_VERIFIED == PRESENT_AND_VERIFIED && clientData.length > start.length
            && keccak256(clientData[:start.length]) == keccak256(start);
        digest = sha256(abi.encodePacked(authenticatorData, sha256(clientData)));
    }
}
