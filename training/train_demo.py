"""
Train the demo encoder and write its weights into the package: `python -m training.train_demo`.

The loss is contrastive in both directions with every truth known: a caption is compared with each picture it is
true of, against all those it is false of (and a picture with its captions likewise), so no false negatives arise.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from archive_search.embedders.demo import WEIGHTS
from archive_search.models.demo import START, DemoConfig, DemoEncoder
from training.captions import FACTS, facts_of, multi_hot, sample_caption, truth
from training.drawings import Augment, augmented, batches, draw_pool, training_depictions
from training.vocabulary import vocabulary


def contrast(logits: Tensor, true: Tensor) -> Tensor:
    """
    Loss of rows of logits: every true pair against all false pairs of its row.

    The supervised contrastive loss of Khosla et al. 2020 (https://arxiv.org/abs/2004.11362, positives outside the
    logarithm), without the other positives in the denominator; rows without a false pair teach nothing.
    """
    against = logits.masked_fill(true, -torch.inf).logsumexp(1, keepdim=True)  # (n, 1)
    losses = F.softplus(against - logits) * true  # (n, m)
    rows = losses.sum(1) / true.sum(1).clamp(min=1)
    return rows.mean()


def train(args: argparse.Namespace) -> DemoEncoder:
    """Draw the pictures, train, return the network."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rng = np.random.default_rng(args.seed)
    generator = torch.Generator().manual_seed(args.seed)

    depictions = training_depictions(args.pictures, args.seed)
    started = time.monotonic()
    pool = draw_pool(depictions, args.cache, args.threads)
    pool = np.array(pool)  # from the disk into memory
    print(f"pictures ready after {time.monotonic() - started:.0f} s", flush=True)

    words = vocabulary(FACTS)
    model = DemoEncoder(DemoConfig(words=START + 1 + len(words.words)), words)
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    log_scale = nn.Parameter(torch.tensor(math.log(10.0)))
    decayed = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1] + [log_scale]
    groups = [{"params": decayed, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=args.rate, betas=(0.9, 0.98))

    of = [multi_hot([facts_of(d)])[0] for d in depictions]
    side = model.config.image_size
    nothing = model.tokens("")
    started = time.monotonic()
    for step, chosen in enumerate(batches([d.kind for d in depictions], args.batch, rng)):
        if step == args.steps:
            break
        done = step / args.steps
        rate = args.rate * min(1.0, (step + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * done))
        for group in optimiser.param_groups:
            group["lr"] = rate

        captions = [sample_caption(rng, depictions[i]) for i in chosen for _ in range(args.captions)]
        stated, where = np.unique(np.array([" ".join(sorted(c)) for c in captions]), return_index=True)
        captions = [captions[i] for i in where[rng.permutation(len(stated))]]
        true = torch.from_numpy(truth(np.stack([of[i] for i in chosen]), multi_hot(captions)))  # (B, C)
        tokens = torch.stack([nothing, *(model.tokens(" ".join(caption)) for caption in captions)])
        tokens = tokens[:, : int((tokens != 0).sum(1).max())]
        pictures = torch.from_numpy(pool[chosen]).permute(0, 3, 1, 2)

        with torch.autocast("cpu", torch.bfloat16):
            seen = model.encode_image(augmented(pictures, side, generator, Augment()))
            said = model.encode_text(tokens)
        seen, said = seen.float(), said.float()
        scale = log_scale.exp().clamp(max=50)
        logits = scale * seen @ said[1:].T  # (B, C)
        neutral = (scale * seen @ said[0]).var()  # the empty text should prefer no picture
        loss = contrast(logits, true) + contrast(logits.T, true.T) + 0.1 * neutral
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if step % 500 == 499:
            model.save(args.cache / "so-far.safetensors", licence="MIT")
        if step % 50 == 0:
            seconds = time.monotonic() - started
            print(f"{seconds:6.0f} s  step {step:5d}  loss {loss.item():.3f}  scale {scale.item():.1f}", flush=True)
    model.eval()
    return model


def main() -> None:
    """Train and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=2_200)
    parser.add_argument("--pictures", type=int, default=16_000)
    parser.add_argument("--batch", type=int, default=160)
    parser.add_argument("--captions", type=int, default=2, help="captions per picture and step")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cache", type=Path, required=True, help="directory for the drawn pictures (about 1 GB)")
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    args.cache.mkdir(parents=True, exist_ok=True)
    model = train(args)
    settings = {k: v for k, v in vars(args).items() if k not in ("cache", "output", "threads")}
    model.save(args.output, trained=json.dumps(settings), licence="MIT")
    print(f"wrote {args.output.name}, {args.output.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
