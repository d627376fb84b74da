/** License and sentence of the model card of microsoft/BiomedCLIP-PubMedBERT_256-vit_base_patch16_224. */
export const biomedClipCard = {
  license: 'MIT',
  warning:
    'BiomedCLIP is for research use only: its card says that “any deployed use case, commercial or otherwise, is currently out of scope”. English only.',
};
