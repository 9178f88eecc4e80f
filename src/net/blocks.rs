//! A graph as it is drawn: blocks of nodes that belong together, and what leads from one to the next.

use super::{Graph, TensorId};

/// Nodes whose names agree up to the first dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub name: String,
    /// Indices in [`Graph::nodes`].
    pub nodes: std::ops::Range<usize>,
    /// Blocks with parameters that it reads, through those without: [`None`] is the image.
    pub sources: Vec<Option<usize>>,
    /// C, H, W of what it gives.
    pub shape: [usize; 3],
    /// How often its size is half the image's.
    pub level: usize,
    /// Trainable numbers.
    pub parameters: usize,
    /// Numbers that its nodes leave for one image.
    pub values: usize,
    /// Whether its parameters stay as they are.
    pub frozen: bool,
}

impl Graph {
    /// In the order of the forward walk.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            let name = node.name.split('.').next().unwrap_or_default();
            let shape = self.shapes[node.output];
            if blocks.last().is_none_or(|block| block.name != name) {
                let level = (self.shapes[self.input][1] / shape[1].max(1)).max(1).ilog2();
                blocks.push(Block {
                    name: name.into(),
                    nodes: index..index,
                    sources: Vec::new(),
                    shape,
                    level: level as usize,
                    parameters: 0,
                    values: 0,
                    frozen: index < self.frozen,
                });
            }
            let block = blocks.last_mut().expect("a block for every node");
            block.nodes.end = index + 1;
            block.shape = shape;
            block.parameters += node
                .parameters
                .iter()
                .map(|id| self.parameters[*id].len())
                .sum::<usize>();
            block.values += self.image_len(node.output);
        }
        for index in 0..blocks.len() {
            let nodes = blocks[index].nodes.clone();
            let mut sources = Vec::new();
            for input in self.nodes[nodes].iter().flat_map(|node| &node.inputs) {
                self.sources(&blocks, index, *input, &mut sources);
            }
            blocks[index].sources = sources;
        }
        blocks
    }

    /// Adds the blocks with parameters that `tensor` comes from, unless it is made within the block `reader`.
    fn sources(&self, blocks: &[Block], reader: usize, tensor: TensorId, found: &mut Vec<Option<usize>>) {
        let maker = self.nodes.iter().position(|node| node.output == tensor);
        let block = maker.and_then(|node| blocks.iter().position(|block| block.nodes.contains(&node)));
        match block {
            Some(block) if block == reader => {}
            Some(block) if blocks[block].parameters == 0 => {
                for input in self.nodes[blocks[block].nodes.clone()]
                    .iter()
                    .flat_map(|node| &node.inputs)
                {
                    self.sources(blocks, block, *input, found);
                }
            }
            block if found.contains(&block) => {}
            block => found.push(block),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{Kind, Unet};

    fn blocks(kind: Kind) -> (Graph, Vec<Block>) {
        let unet = Unet {
            kind,
            width: 4,
            ..Unet::default()
        };
        let mut graph = unet.graph(16, 24).unwrap();
        graph.freeze_encoder();
        let blocks = graph.blocks();
        (graph, blocks)
    }

    #[test]
    fn nothing_is_lost_or_counted_twice() {
        for kind in Kind::ALL {
            let (graph, blocks) = blocks(kind);
            let parameters: usize = blocks.iter().map(|block| block.parameters).sum();
            assert_eq!(parameters, graph.parameter_count(), "{kind:?}");
            let nodes: Vec<usize> = blocks.iter().flat_map(|block| block.nodes.clone()).collect();
            assert_eq!(nodes, (0..graph.nodes.len()).collect::<Vec<_>>(), "{kind:?}");
            assert!(
                blocks
                    .iter()
                    .all(|block| block.frozen == (block.nodes.end <= graph.encoder))
            );
        }
    }

    #[test]
    fn sources_are_those_that_the_drawing_joins() {
        let sources = |kind: Kind, name: &str| {
            let (_, blocks) = blocks(kind);
            let block = blocks.iter().find(|block| block.name == name).unwrap();
            let names = block.sources.iter();
            names
                .map(|source| source.map_or("image".to_owned(), |source| blocks[source].name.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(sources(Kind::Plain, "enc0"), ["image"]);
        assert_eq!(sources(Kind::Plain, "enc1"), ["enc0"]);
        assert_eq!(sources(Kind::Plain, "dec0"), ["enc0", "dec1"]);
        assert_eq!(sources(Kind::Attention, "att0"), ["enc0", "dec1"]);
        assert_eq!(sources(Kind::Attention, "dec0"), ["att0", "dec1"]);
        assert_eq!(sources(Kind::PartialDecoder, "partial1"), ["reduce1", "reduce2"]);
        assert_eq!(sources(Kind::PartialDecoder, "map"), ["partial1"]);
        assert_eq!(sources(Kind::PartialDecoder, "dec0"), ["enc0", "map", "partial1"]);
    }

    #[test]
    fn levels_are_those_of_the_sizes() {
        let (_, blocks) = blocks(Kind::Plain);
        let level = |name: &str| blocks.iter().find(|block| block.name == name).unwrap().level;
        assert_eq!(
            ["enc0", "enc1", "enc2", "dec1", "dec0", "head"].map(level),
            [0, 1, 2, 1, 0, 0]
        );
    }
}
